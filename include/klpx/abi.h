/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contract between klpx.ko, the BPF programs and klp-controller: every
 * type, number and name that klpx.ko and another of them use. (A policy's is in
 * klpx/policy.h; what only BPF and the controller share, in bpf/.) Types are
 * fixed size; a record is zeroed before it is filled.
 *
 * Included by the kernel module (linux/types.h), by BPF C (after vmlinux.h)
 * and by C++ (linux/types.h). It must include nothing that one of them lacks.
 */
#ifndef KLPX_ABI_H
#define KLPX_ABI_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#if !defined(__KERNEL__) && !defined(__cplusplus)
#include <stdbool.h>
#endif
#endif

/*
 * Raised whenever a type below changes its layout or a value its meaning.
 * /sys/module/klpx/stats/abi shows the number the loaded module was built
 * with; a controller with another number refuses to work with it.
 */
#define KLPX_ABI_VERSION 2

/* Module and sysfs names. Units and errors: docs/SYSFS.md. */
#define KLPX_MODULE_NAME	"klpx"
#define KLPX_SYSFS_DIR		"/sys/kernel/klpx"
#define KLPX_STATS_DIR		"/sys/module/klpx/stats"
/* For the kernel's own livepatch; not there if the kernel has none. */
#define KLPX_SIGNAL_TASK	"/sys/module/klpx/livepatch/signal_task"
#define KLPX_KICK_CPU		"/sys/module/klpx/livepatch/kick_cpu"
#define KLPX_ADOPT		"/sys/module/klpx/livepatch/adopt"
#define KLPX_ENGINE_FOR		"/sys/module/klpx/livepatch/engine_for"
/* What a patch module imports; decides which engine it is for. */
#define KLPX_ENABLE_SYMBOL	"__klpx_enable_patch"
/* The same, built before the structures of livepatch.h had a version. */
#define KLPX_OLD_ENABLE_SYMBOL	"klpx_enable_patch"

/*
 * MODULE_INFO(klpx_permanent, "Y"): that it has no module_exit() is meant so.
 */
#define KLPX_PERMANENT_TAG	"klpx_permanent"

/* Pins, under the bpf file system. No dots in a name: bpffs refuses them. */
#define KLPX_BPFFS_DIR		"/sys/fs/bpf/klpx"
#define KLPX_PIN_TASK_STATE	KLPX_BPFFS_DIR "/maps/task_state"
#define KLPX_PIN_COUNTERS	KLPX_BPFFS_DIR "/maps/klp_counters"
#define KLPX_PIN_LINKS_DIR	KLPX_BPFFS_DIR "/links"
#define KLPX_PIN_TASKS_ITER	KLPX_BPFFS_DIR "/iters/klp_tasks"

/* Beside it, for it outlives the observer's. The link is what counts. */
#define KLPX_POLICY_DIR		"/sys/fs/bpf/klpx_policy"
#define KLPX_PIN_POLICY_LINK	KLPX_POLICY_DIR "/link"

/*
 * Layout of the structures of klpx/livepatch.h on x86-64, for readers of patch
 * files. livepatch.h asserts every number. Raised with any of them:
 */
#define KLPX_LIVEPATCH_VERSION		1
#define KLPX_PATCH_OBJS_OFFSET		8
#define KLPX_PATCH_STATES_OFFSET	16
#define KLPX_PATCH_REPLACE_OFFSET	24	/* u8 */
#define KLPX_PATCH_REPLACE_SET_OFFSET	28	/* u32 */
#define KLPX_PATCH_VERSION_OFFSET	32	/* u32 */
#define KLPX_PATCH_MODEL_OFFSET		36	/* u32, enum klpx_model */
#define KLPX_OBJECT_FUNCS_OFFSET	8
#define KLPX_OBJECT_CALLBACKS_OFFSET	16	/* four pointers */
#define KLPX_OBJECT_SIZE		64
#define KLPX_FUNC_NEW_OFFSET		8
#define KLPX_FUNC_SYMPOS_OFFSET		16	/* u64 */
#define KLPX_FUNC_SIZE			24
#define KLPX_STATE_ID_OFFSET		0	/* u64; 0 ends the array */
#define KLPX_STATE_VERSION_OFFSET	8	/* u32 */
#define KLPX_STATE_CALLBACKS_OFFSET	24	/* five pointers */
#define KLPX_STATE_BLOCK_DISABLE_OFFSET	64	/* u8 */
#define KLPX_STATE_IS_SHADOW_OFFSET	65	/* u8 */
#define KLPX_STATE_NAME_OFFSET		72
#define KLPX_STATE_SIZE			80

/* No patch may have more. */
#define KLPX_MAX_OBJECTS		4096
#define KLPX_MAX_FUNCTIONS		16384	/* of one object */
#define KLPX_MAX_STATES			4096

/**
 * enum klpx_model - how tasks get from one side to the other
 * @KLPX_MODEL_TASKS:	one by one, each when it is in none of the functions;
 *			meanwhile some run the old functions and some the new
 * @KLPX_MODEL_STOP_MACHINE: all at one instant, with every CPU stopped; refused
 *			with -EBUSY, nothing changed and every task and function
 *			in the way named in the log, if any task is in one of
 *			the functions, or if its stack cannot be read. Disabling
 *			obeys the same rule
 *
 * Source of the second: the core module of kpatch.
 */
enum klpx_model {
	KLPX_MODEL_TASKS = 0,
	KLPX_MODEL_STOP_MACHINE = 1,
};

/* Longest strings, with the final NUL. Longer names are cut, never refused. */
#define KLPX_PATCH_NAME_LEN	56	/* MODULE_NAME_LEN on 64 bit */
#define KLPX_FUNC_NAME_LEN	128
#define KLPX_COMM_LEN		16	/* TASK_COMM_LEN */
#define KLPX_POLICY_NAME_LEN	32

/* Where a transition is going, and which side a task is on. */
enum klpx_side {
	KLPX_UNPATCHED = 0,
	KLPX_PATCHED = 1,
};

/* Whose transition it is. */
enum klpx_engine {
	KLPX_ENGINE_KLPX = 0,
	KLPX_ENGINE_KERNEL = 1,	/* the kernel's own livepatch */
};

/* Why a pending task could not be switched when it was last looked at. */
enum klpx_reason {
	/* Not looked at yet, or nothing in the way any more. */
	KLPX_NOT_CHECKED = 0,
	/* On a CPU, in user mode or in the kernel. */
	KLPX_RUNNING = 1,
	/* Interruptible or runnable, with the named function on its stack. */
	KLPX_ON_FUNCTION = 2,
	/* Its stack could not be read with certainty (BPF trampoline, ...). */
	KLPX_UNRELIABLE_STACK = 3,
	/* The idle task of a CPU. */
	KLPX_IDLE = 4,
	/* On the named function and stopped by a signal or a debugger. */
	KLPX_STOPPED = 5,
	/*
	 * On the named function in an uninterruptible wait: a signal is lost.
	 */
	KLPX_UNINTERRUPTIBLE = 6,
	/* On the named function on its way out (do_exit). */
	KLPX_EXITING = 7,
};

/* How a task left the pending set. */
enum klpx_how {
	KLPX_HOW_ASLEEP = 0,		/* found off CPU with a clean stack */
	KLPX_HOW_KERNEL_EXIT = 1,	/* on its way back to user mode */
	KLPX_HOW_CONTEXT_SWITCH = 2,	/* when it gave up its CPU */
	KLPX_HOW_IDLE = 3,		/* an idle task, kicked */
	KLPX_HOW_EXITED = 4,		/* can never run again */
	KLPX_HOW_FORCED = 5,		/* not checked: forced by an operator */
};

/*
 * Names a task for as long as the machine runs. Idle tasks all have tid 0 and
 * are told apart by CPU; start_ns tells a reused tid from its predecessor.
 */
struct klpx_task_key {
	__u32 tid;
	__s32 idle_cpu;		/* CPU of an idle task, -1 for all others */
	__u64 start_ns;		/* task->start_boottime, ns */
};

/*
 * The engine's verdict on one pending task: argument of the tracepoints,
 * result of the kfunc klpx_task_verdict(), value of the task_state map.
 */
struct klpx_task_info {
	struct klpx_task_key key;
	char patch[KLPX_PATCH_NAME_LEN];
	enum klpx_side target;		/* where the transition is going */
	enum klpx_reason reason;
	char function[KLPX_FUNC_NAME_LEN]; /* "" if none is in the way */
	char comm[KLPX_COMM_LEN];
	__u32 pid;			/* thread group id */
	__u32 cpu;			/* last ran here */
	__u32 task_state;		/* task->__state when looked at */
	__u32 signals;			/* fake signals sent in this transition */
	bool kthread;			/* PF_KTHREAD */
	bool io_worker;		/* PF_IO_WORKER or PF_USER_WORKER */
	__u8 engine;			/* enum klpx_engine */
	__u8 pad[5];
	__u64 since_ns;			/* first seen blocking, CLOCK_MONOTONIC */
	__u64 checked_ns;		/* last looked at, CLOCK_MONOTONIC */
	__u64 age_ms;			/* checked_ns - since_ns in ms */
};

/*
 * Without a policy, every blocked task gets a fake signal this often. The same
 * as the kernel's livepatch, which signals after 15 rounds of about a second.
 */
#define KLPX_SIGNAL_EVERY_MS	15000

/* What a policy (klpx/policy.h) wants done about a task that blocks, now. */
enum klpx_push {
	/* What the engine does by itself; see KLPX_SIGNAL_EVERY_MS. */
	KLPX_PUSH_DEFAULT = 0,
	/* Nothing this time; asked again. */
	KLPX_PUSH_WAIT = 1,
	/*
	 * Have it pass the scheduler, or the way to user mode; it notices
	 * nothing.
	 */
	KLPX_PUSH_KICK = 2,
	/*
	 * A fake signal: its system call may be interrupted. Wakes a kthread.
	 */
	KLPX_PUSH_SIGNAL = 3,
	/* Nothing; and count it as left alone. */
	KLPX_PUSH_LEAVE = 4,
};

/* What happened to a transition. */
enum klpx_phase {
	KLPX_PHASE_WANTED = 0,		/* an enable; nothing has been done */
	KLPX_PHASE_STARTED = 1,
	KLPX_PHASE_REVERSED = 2,
	KLPX_PHASE_FORCED = 3,
	KLPX_PHASE_COMPLETED = 4,
};

/* A transition as a policy sees it. */
struct klpx_transition_info {
	char patch[KLPX_PATCH_NAME_LEN];
	enum klpx_side target;
	enum klpx_phase phase;
	__u32 functions;		/* of the patch, all objects */
	__u32 pad;
	__u64 tasks;			/* pending at the start; 0 when wanted */
	__u64 pending;			/* now */
	__u64 elapsed_ms;		/* since the start */
};

/* Indices of the klp_counters array map (one __u64 each). */
enum klpx_counter {
	KLPX_COUNT_EVENTS = 0,		/* reports of the engine taken in */
	KLPX_COUNT_STATE_LOST = 1,	/* a change of task_state failed */
	KLPX_COUNT_READ_FAILED = 2,	/* a kernel read failed */
	KLPX_COUNTERS = 3,
};

#endif /* KLPX_ABI_H */
