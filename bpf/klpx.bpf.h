/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What more than one BPF program needs: the engine's kfunc, and finding the
 * task that a key names. Knows no map.
 */
#ifndef KLPX_BPF_H
#define KLPX_BPF_H

#include "layout.h"
#include "compat.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* errno is a macro and thus not in BTF. */
#define ENOENT	2

/* 0: pending, *info filled. -ENOENT: not pending. */
extern int klpx_task_verdict(struct task_struct *task, void *info,
			     u32 info__sz) __weak __ksym;

/*
 * The task that a key names, to be given back with bpf_task_release(), or
 * NULL: it is gone, its tid is another task's now, or it is an idle task
 * (these share tid 0, which no lookup finds).
 */
static __always_inline struct task_struct *
klpx_task_acquire(const struct klpx_task_key *key)
{
	struct task_struct *task = bpf_task_from_pid(key->tid);

	if (!task)
		return NULL;
	if (task->start_boottime == key->start_ns)
		return task;
	bpf_task_release(task);
	return NULL;
}

#endif /* KLPX_BPF_H */
