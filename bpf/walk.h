/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the program walk_stacks and controller/sys/bpf/stack_walk.cc: the
 * record that is read of each task. Both always come from the same build.
 */
#ifndef KLPX_BPF_WALK_H
#define KLPX_BPF_WALK_H

#include <klpx/abi.h>

/* The deepest stack that the kernel gives to BPF (perf_event_max_stack). */
#define KLPX_WALK_FRAMES	127

/* Room for what schedule() and its callers leave on a stack, and some more. */
#define KLPX_WALK_WORDS		160

struct klpx_walked_task {
	__u32 tid;
	__u32 pid;		/* thread group id */
	char comm[KLPX_COMM_LEN];
	__u32 task_state;	/* task->__state */
	__u32 frames;		/* 0: the task runs */
	bool kthread;		/* PF_KTHREAD */
	bool io_worker;	/* PF_IO_WORKER or PF_USER_WORKER */
	bool on_cpu;
	__u8 pad[5];
	__u64 address[KLPX_WALK_FRAMES]; /* innermost first */
	/*
	 * The kernel omits the scheduler's functions from the stacks it shows
	 * (among them waits and locks). They are the innermost functions: these
	 * words are the part of the stack before the first address.
	 */
	__u32 words;
	__u32 pad2;
	__u64 word[KLPX_WALK_WORDS];
};

#endif /* KLPX_BPF_WALK_H */
