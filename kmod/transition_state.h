/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The running transition, for the files that run it: transition.c (the model),
 * waiting.c (before it begins), pass.c (the worker), requests.c (the operator),
 * push.c (the policy), stop.c (the other model), evict.c.
 */
#ifndef KLPX_TRANSITION_STATE_H
#define KLPX_TRANSITION_STATE_H

#include "pending.h"
#include "pure/schedule.h"
#include "stack.h"
#include "transition.h"

/* Guarded by klpx_mutex. What others read without it: klpx_in_transition(). */
struct klpx_transition {
	struct klpx_lpatch *patch;	/* NULL: none; first, see _forget() */
	struct klpx_set *set;
	struct klpx_forbidden forbidden;
	struct klpx_schedule schedule;
	u64 turned_ns;			/* its zero: the start, or a reversal */
	bool waits;			/* for module_init(): waiting.c */
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

/* For log lines in the words of the kernel's livepatch. */
static inline const char *klpx_direction(enum klpx_side target)
{
	return target == KLPX_PATCHED ? "patching" : "unpatching";
}

/*
 * prepare.c, in the order of a transition; klpx_mutex held, sleep. _prepare():
 * -EBUSY, -ENOMEM. No function is in transition any more when _forget_tasks()
 * is called. After _forget() functions may go (back) on the fast path.
 */
int klpx_transition_prepare(struct klpx_lpatch *patch, enum klpx_side target);
void klpx_transition_forget_tasks(void);
void klpx_transition_forget(void);

/*
 * The steps of transition.c that others take; klpx_mutex held, sleep. _turn():
 * whatever has no entry gets one, then @target is the side to go to; -ENOMEM.
 * _begin(): tasks start to switch. _cancel(): no task has been switched.
 */
int klpx_transition_turn(enum klpx_side target);
void klpx_transition_begin(void);
void klpx_transition_cancel(void);

/* No task is pending: end the transition. klpx_mutex held; sleeps. */
void klpx_transition_complete(void);

#endif /* KLPX_TRANSITION_STATE_H */
