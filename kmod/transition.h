/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The consistency model: one transition at a time moves every task, one by
 * one, to one side of one patch. The functions in the order of its life.
 *
 * All want klpx_mutex and may sleep.
 */
#ifndef KLPX_TRANSITION_H
#define KLPX_TRANSITION_H

#include "records.h"

/*
 * Redirect the functions of @patch; tasks begin to be moved to it when the
 * module_init() of its module has succeeded (waiting.c).
 * -EBUSY: another transition, or another owner of a function. -ENOMEM.
 * Nothing is left behind on error.
 */
int klpx_enable(struct klpx_lpatch *patch);

/* Start moving tasks away from @patch. -EBUSY, -ENOMEM. */
int klpx_disable(struct klpx_lpatch *patch);

/*
 * Redirect, or stop redirecting, the functions of an object whose module comes
 * or goes, whether its patch is in transition or not. -EBUSY, -ENOMEM.
 */
int klpx_transition_add_object(struct klpx_lobject *obj);
void klpx_transition_remove_object(struct klpx_lobject *obj);

/*
 * Reverse the running transition. -ENOMEM: it goes on as it was. One that has
 * not begun to switch tasks is over, and its patch retired.
 */
int klpx_transition_reverse(void);

/*
 * Steps that others take. _set_target(): whatever has no entry gets one, then
 * @target is the side to go to; -ENOMEM. _begin(): tasks start to switch.
 * _cancel(): no task has been switched. _complete(): no task is pending; ends
 * the transition.
 */
int klpx_transition_set_target(enum klpx_side target);
void klpx_transition_begin(void);
void klpx_transition_cancel(void);
void klpx_transition_complete(void);

#endif /* KLPX_TRANSITION_H */
