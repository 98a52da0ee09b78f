/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The consistency model: one transition at a time moves every task, one by
 * one, to one side of one patch. The functions in the order of its life.
 *
 * All but klpx_transition_wake() want klpx_mutex and may sleep.
 */
#ifndef KLPX_TRANSITION_H
#define KLPX_TRANSITION_H

#include "records.h"

int klpx_transition_init(void);

/* The patch in transition, or NULL. */
struct klpx_lpatch *klpx_transition_patch(void);

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
 * Turn the running transition round. -ENOMEM: it goes on as it was. One that
 * has not begun to switch tasks is over, and its patch retired.
 */
int klpx_transition_reverse(void);

/* Something has changed: look again, now. Any context but NMI. */
void klpx_transition_wake(void);
/* The same in a while, if nothing wakes it before. klpx_mutex held. */
void klpx_transition_wake_later(void);

/*
 * Is @patch (NULL: none) in transition now? No lock, so true of a moment
 * only: to be told, or warned of.
 */
bool klpx_in_transition(const struct klpx_lpatch *patch);

/* The same of a transition that has not begun to switch tasks (waiting.c). */
bool klpx_waits_for_init(const struct klpx_lpatch *patch);

/* No transition runs any more. */
void klpx_transition_exit(void);

#endif /* KLPX_TRANSITION_H */
