// SPDX-License-Identifier: GPL-2.0
/*
 * How BPF reads the engine's verdict on a task. Registered for tracing
 * programs (tp_btf, iterators) and syscall programs; they go with the module's
 * BTF, so nothing undoes the registration.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/btf.h>
#include <linux/btf_ids.h>

#include "kfuncs.h"
#include "report.h"

__bpf_kfunc_start_defs();

/**
 * klpx_task_verdict() - the engine's verdict on a task, as it stands now
 * @task:	any task
 * @info:	filled if the task is pending
 * @info__sz:	sizeof(struct klpx_task_info)
 *
 * Context: any but NMI; lock-free; the cost does not depend on the number of
 * tasks.
 *
 * Return: 0; -ENOENT the task is not pending (no transition, or switched);
 * -EINVAL wrong size.
 */
__bpf_kfunc int klpx_task_verdict(struct task_struct *task, void *info,
				  u32 info__sz)
{
	if (info__sz != sizeof(struct klpx_task_info))
		return -EINVAL;
	return klpx_report_verdict(task, info);
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(klpx_kfunc_ids)
BTF_ID_FLAGS(func, klpx_task_verdict, KF_RCU)
BTF_KFUNCS_END(klpx_kfunc_ids)

static const struct btf_kfunc_id_set klpx_kfunc_set = {
	.owner = THIS_MODULE,
	.set = &klpx_kfunc_ids,
};

int klpx_kfuncs_init(void)
{
	int ret;

	ret = register_btf_kfunc_id_set(BPF_PROG_TYPE_TRACING,
					&klpx_kfunc_set);
	if (!ret)
		ret = register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL,
						&klpx_kfunc_set);
	if (ret)
		pr_err("cannot register kfuncs (%d)\n", ret);
	return ret;
}
