/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by livepatch.bpf.c and controller/sys/bpf/livepatch_tasks.cc: the facts
 * of a transition of the kernel's own livepatch. Both always come from the same
 * build.
 */
#ifndef KLPX_BPF_LIVEPATCH_H
#define KLPX_BPF_LIVEPATCH_H

#include <klpx/abi.h>

#define KLPX_LP_FUNCTIONS	8192
#define KLPX_LP_FRAMES		100	/* the kernel refuses deeper stacks */
/* Room for what schedule() and its callers leave on a stack. */
#define KLPX_LP_WORDS		96

/* A function that must not be on the stack of a task that is to be switched. */
struct klpx_lp_function {
	__u64 start;
	__u64 size;
	char name[KLPX_FUNC_NAME_LEN];
};

/* Context of read_transition: all of it is output. */
struct klpx_lp_transition {
	char patch[KLPX_PATCH_NAME_LEN];
	__s32 error;		/* 0, or why the kernel's variables are not known */
	__s32 target;		/* enum klpx_side; -1: no transition */
	__u32 functions;	/* number of those in the map lp_functions */
	__u32 dropped;		/* number of those for which it had no room */
	__u64 sched_start;	/* code that the kernel shows on no stack: */
	__u64 sched_end;	/* schedule(), waits, locks; 0 if not known */
};

/*
 * One task that is not on the target side yet. The record is followed by the
 * task's frames, and then by the words of its stack from its stack pointer on.
 * These include the return addresses of the functions before the first frame.
 */
struct klpx_lp_task {
	struct klpx_task_key key;
	__u32 pid;
	__u32 cpu;
	__u32 task_state;
	__u32 frames;		/* u64 each, innermost first */
	char comm[KLPX_COMM_LEN];
	bool kthread;
	bool io_worker;
	bool exiting;
	bool on_cpu;
	__u32 words;		/* u64 each */
};

/* Context of read_idle: the CPU is input, the rest is output. */
struct klpx_lp_idle {
	__u32 cpu;
	__s32 side;		/* task->patch_state; KLPX_LP_NO_CPU, or unknown */
	struct klpx_lp_task task;
};
#define KLPX_LP_NO_CPU		(-2)
#define KLPX_LP_UNKNOWN		(-3)	/* the kernel's BTF has no runqueues */

#endif /* KLPX_BPF_LIVEPATCH_H */
