/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The struct_ops by which BPF decides how a transition is pushed. Included by
 * klpx.ko and, after vmlinux.h, by BPF C; an example is examples/policy.
 *
 * One policy at a time: a second one is refused with -EBUSY. It is attached for
 * as long as its link lives; when the link goes, with the process that held it
 * or with its pin, the engine falls back to its own timing (a fake signal
 * every KLPX_SIGNAL_EVERY_MS).
 *
 * All members but the name are optional. Programs must not sleep. They are
 * called with no lock of the engine's held, so that none of them can keep an
 * operator from reversing, forcing or unloading; and if no answer has come for
 * KLPX_POLICY_ANSWER_MS, the engine's own timing counts again.
 *
 * Arguments are read-only and trusted. Source: bpf_struct_ops of v6.12, where
 * modules may register types (since v6.9, e3f87fdfed7b).
 */
#ifndef KLPX_POLICY_H
#define KLPX_POLICY_H

#include <klpx/abi.h>

struct task_struct;

/* From one round of questions about blocked tasks to the next. */
#define KLPX_POLICY_ROUND_MS	250
#define KLPX_POLICY_ANSWER_MS	5000
/* So many phases are kept for a worker that is late; older ones are lost. */
#define KLPX_POLICY_PHASES	16

/**
 * struct klpx_policy - how transitions are pushed
 * @name:	shown in /sys/module/klpx/stats/policy. Not empty; no blanks
 *
 * @may_start:	May this patch be enabled? Called in the task that loads the
 *		patch module, before anything has been done (.phase is
 *		KLPX_PHASE_WANTED). Disabling is never asked about.
 *		Return: 0; or a negative errno, which loading the module then
 *		fails with. Any other value is taken for -EPERM.
 *
 * @push:	What to do now about one blocked task? Called by a worker for
 *		every task that was seen blocking, every KLPX_POLICY_ROUND_MS
 *		or so, in no particular order; not for idle tasks.
 *		.age_ms of @info is how long it has been blocking.
 *		Return: enum klpx_push. Unknown values are KLPX_PUSH_DEFAULT.
 *
 * @phase:	Something happened to a transition. Called by the same worker,
 *		in order, and before it asks about tasks of what came then. See
 *		KLPX_POLICY_PHASES.
 */
struct klpx_policy {
	int (*may_start)(const struct klpx_transition_info *transition);
	int (*push)(const struct klpx_task_info *info,
		    struct task_struct *task);
	void (*phase)(const struct klpx_transition_info *transition);
	char name[KLPX_POLICY_NAME_LEN];
};

#endif /* KLPX_POLICY_H */
