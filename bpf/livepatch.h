/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What livepatch.bpf.c and controller/sys/bpf/livepatch_look.cc share: the facts of
 * a transition of the kernel's own livepatch. Both are always of one build.
 */
#ifndef KLPX_BPF_LIVEPATCH_H
#define KLPX_BPF_LIVEPATCH_H

#include <klpx/abi.h>

#define KLPX_LP_FUNCTIONS	8192
#define KLPX_LP_FRAMES		100	/* the kernel refuses deeper stacks */
/* What schedule(), and who may call it, leave on a stack. */
#define KLPX_LP_WORDS		96

/* Code that must not be on the stack of a task that is to be switched. */
struct klpx_lp_function {
	__u64 start;
	__u64 size;
	char name[KLPX_FUNC_NAME_LEN];
};

/* Context of read_transition: all of it comes out. */
struct klpx_lp_transition {
	char patch[KLPX_PATCH_NAME_LEN];
	__s32 error;		/* 0, or why the kernel's variables are not known */
	__s32 target;		/* enum klpx_side; -1: nothing is in transition */
	__u32 functions;	/* in the map lp_functions */
	__u32 dropped;		/* that found no room in it */
	__u64 sched_start;	/* code that the kernel shows on no stack: */
	__u64 sched_end;	/* schedule(), waits, locks; 0 if not known */
};

/*
 * One task that is on the other side than wanted. Behind it come its frames,
 * and then the words on its stack from where it has left its CPU: among these
 * are the return addresses in front of the first frame.
 */
struct klpx_lp_task {
	struct klpx_task_key key;
	__u32 pid;
	__u32 cpu;
	__u32 task_state;
	__u32 frames;		/* u64 each, innermost first */
	char comm[KLPX_COMM_LEN];
	_Bool kthread;
	_Bool io_worker;
	_Bool exiting;
	_Bool on_cpu;
	__u32 words;		/* u64 each */
};

/* Context of read_idle: the CPU goes in. */
struct klpx_lp_idle {
	__u32 cpu;
	__s32 side;		/* task->patch_state; KLPX_LP_NO_CPU, or unknown */
	struct klpx_lp_task task;
};
#define KLPX_LP_NO_CPU		(-2)
#define KLPX_LP_UNKNOWN		(-3)	/* the kernel's BTF has no runqueues */

#endif /* KLPX_BPF_LIVEPATCH_H */
