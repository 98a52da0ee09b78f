/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The running transition, for the four files that run it: transition.c (the
 * model), pass.c (the worker), requests.c (the operator), push.c (the policy).
 */
#ifndef KLPX_TRANSITION_STATE_H
#define KLPX_TRANSITION_STATE_H

#include "pending.h"
#include "pure/schedule.h"
#include "stack.h"
#include "transition.h"

/* Guarded by klpx_mutex. */
struct klpx_transition {
	struct klpx_lpatch *patch;	/* NULL: none */
	struct klpx_set *set;
	struct klpx_forbidden forbidden;
	struct klpx_schedule schedule;
	u64 turned_ns;			/* its zero: the start, or a reversal */
	bool signaled;			/* the notice has been printed */
	bool removes_forced;		/* a task was forced off the patch */
	bool replaced_forced;		/* or off the patches it replaces */
};

extern struct klpx_transition klpx_tr;

/*
 * Once for every interval of the engine's own signals. klpx_mutex held; asked
 * by whoever sends them: the worker, or the one that asks the policy.
 */
bool klpx_signal_due(void);

/* Nobody is pending: end the transition. klpx_mutex held; sleeps. */
void klpx_transition_complete(void);

#endif /* KLPX_TRANSITION_STATE_H */
