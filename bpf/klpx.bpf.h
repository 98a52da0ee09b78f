/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the BPF programs: the engine's kfunc, and the lookup of the task
 * that a key names. Uses no map.
 */
#ifndef KLPX_BPF_H
#define KLPX_BPF_H

#include "layout.h"
#include "compat.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* errno is a macro and thus not in BTF. */
#define ENOENT	2

/* Returns 0 if the task is pending, with *info filled; -ENOENT if it is not. */
extern int klpx_task_verdict(struct task_struct *task, void *info,
			     u32 info__sz) __weak __ksym;

/*
 * Returns the task that a key names, to be released with bpf_task_release().
 * NULL if the task is gone, if its tid has been reused, or for an idle task
 * (idle tasks share tid 0, which no lookup finds).
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
