/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads the words of a task's stack, among which are the return addresses of the
 * scheduler's functions: the kernel shows those on no stack. Uses no map.
 */
#ifndef KLPX_STACK_WORDS_BPF_H
#define KLPX_STACK_WORDS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* THREAD_SIZE; only part of a debug kernel's bigger stack is read. */
#define STACK_BYTES		16384

/*
 * Copies the stack from the task's saved stack pointer to its end, or as much
 * as there is room for; returns the bytes copied. A stack is aligned to its
 * size.
 */
static __always_inline u64 klpx_copy_words(struct task_struct *task, void *to,
					   u64 room)
{
	u64 sp = task->thread.sp;
	u64 size = STACK_BYTES - (sp & (STACK_BYTES - 1));

	if (size > room)
		size = room;
	return bpf_probe_read_kernel(to, size, (void *)sp) ? 0 : size;
}

#endif /* KLPX_STACK_WORDS_BPF_H */
