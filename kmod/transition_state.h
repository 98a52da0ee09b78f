/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state of the running transition, and all questions about it.
 */
#ifndef KLPX_TRANSITION_STATE_H
#define KLPX_TRANSITION_STATE_H

#include "pending.h"
#include "pure/schedule.h"
#include "records.h"
#include "stack.h"

/* Guarded by klpx_mutex. What others read without it: klpx_in_transition(). */
struct klpx_transition {
	struct klpx_lpatch *patch;	/* NULL: none; first: prepare.c */
	struct klpx_set *set;
	struct klpx_unsafe unsafe;
	struct klpx_schedule schedule;
	u64 reversed_ns;		/* its zero: the start, or a reversal */
	bool waits;			/* for module_init(): waiting.c */
	bool signaled;			/* the notice has been printed */
	bool removes_forced;		/* a task was forced off the patch */
	bool replaced_forced;		/* or off the patches it replaces */
};

extern struct klpx_transition klpx_tr;

/*
 * True once for every interval of the engine's own signals. klpx_mutex held;
 * asked by what sends them (the worker, or the one that asks the policy), and
 * by waiting.c for its notice.
 */
bool klpx_signal_due(void);

/* For log lines in the words of the kernel's livepatch. */
static inline const char *klpx_direction(enum klpx_side target)
{
	return target == KLPX_PATCHED ? "patching" : "unpatching";
}

/* The patch in transition, or NULL. klpx_mutex held. */
struct klpx_lpatch *klpx_transition_patch(void);

/*
 * Is @patch (NULL: none) in transition now? Takes no lock, so the answer may be
 * stale when it is used: it is for what is shown, and for warnings.
 */
bool klpx_in_transition(const struct klpx_lpatch *patch);

/* The same of a transition that has not begun to switch tasks (waiting.c). */
bool klpx_waits_for_init(const struct klpx_lpatch *patch);

#endif /* KLPX_TRANSITION_STATE_H */
