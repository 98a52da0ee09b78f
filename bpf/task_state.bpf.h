/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The map of tasks that block a transition, used by two objects: the observer
 * of klpx.ko writes it in the kernel; for the kernel's own livepatch the
 * controller writes it. There is one pin, so that both engines are seen in one
 * map.
 */
#ifndef KLPX_TASK_STATE_BPF_H
#define KLPX_TASK_STATE_BPF_H

#include <klpx/abi.h>

#define TASKS_MAX	65536

/* Not preallocated: 65536 tasks would hold 20 MB, and few ever block. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, TASKS_MAX);
	__type(key, struct klpx_task_key);
	__type(value, struct klpx_task_info);
} task_state SEC(".maps");

#endif /* KLPX_TASK_STATE_BPF_H */
