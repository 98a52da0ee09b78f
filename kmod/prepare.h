/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a transition needs before the first task is switched, and gives back
 * after the last one: in the order of a transition. klpx_mutex held; all sleep.
 */
#ifndef KLPX_PREPARE_H
#define KLPX_PREPARE_H

#include "records.h"

/* -EBUSY: another transition runs, or as klpx_demote_patch(); -ENOMEM. */
int klpx_transition_prepare(struct klpx_lpatch *patch, enum klpx_side target);

/* No function is in transition any more: the pending set goes. */
void klpx_transition_forget_tasks(void);

/* From here on functions may go (back) on the fast path. */
void klpx_transition_forget(void);

#endif /* KLPX_PREPARE_H */
