/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program walk_stacks and controller/sys/bpf/stack_walk.cc share: the
 * record that is read of each task. Both are always of one build.
 */
#ifndef KLPX_BPF_WALK_H
#define KLPX_BPF_WALK_H

#include <klpx/abi.h>

/* As deep as the kernel goes for BPF (kernel.perf_event_max_stack). */
#define KLPX_WALK_FRAMES	127

/* What schedule(), and who may call it, leave on a stack, and some more. */
#define KLPX_WALK_WORDS		160

struct klpx_walked_task {
	__u32 tid;
	__u32 pid;		/* thread group id */
	char comm[KLPX_COMM_LEN];
	__u32 task_state;	/* task->__state */
	__u32 frames;		/* 0: it runs */
	_Bool kthread;		/* PF_KTHREAD */
	_Bool io_worker;	/* PF_IO_WORKER or PF_USER_WORKER */
	_Bool on_cpu;
	__u8 pad[5];
	__u64 address[KLPX_WALK_FRAMES]; /* innermost first */
	/*
	 * The kernel leaves the scheduler's functions out of a stack it shows
	 * (waits and locks are among them). They are the innermost ones: what
	 * lies on the stack in front of the first address.
	 */
	__u32 words;
	__u32 pad2;
	__u64 word[KLPX_WALK_WORDS];
};

#endif /* KLPX_BPF_WALK_H */
