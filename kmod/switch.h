/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Switching one task: the ways out of the pending set. Each of them asks the
 * same question (is an unsafe address on the stack?) of a task that cannot
 * enter a function meanwhile, and each does nothing while switching is closed.
 */
#ifndef KLPX_SWITCH_H
#define KLPX_SWITCH_H

#include "pending.h"
#include "stack.h"

/*
 * Open: a task is switched to @target when its stack is found clean. Closed: no
 * task is, and none is in the middle of it (klpx_switch_close() waits for the
 * CPUs). A reversal works while switching is closed. klpx_mutex held.
 */
void klpx_switch_open(enum klpx_side target,
		      const struct klpx_unsafe *unsafe);
void klpx_switch_close(void);

/*
 * For the worker; klpx_mutex held, CPU hotplug held off. Try to switch a task
 * that is off its CPU. True: it is on the target side. False: entry->reason
 * says why not, and what can be done has been done (work for its kernel exit
 * queued, its CPU kicked).
 */
bool klpx_switch_try(struct klpx_set *set, struct klpx_entry *entry);

/* Switch without a check. klpx_mutex held; switching open. */
void klpx_switch_force(struct klpx_set *set, struct klpx_entry *entry);

/*
 * Kick the task, so that it passes the scheduler or its kernel exit. Locks as
 * for klpx_switch_try().
 */
void klpx_switch_kick(struct klpx_entry *entry);

/* Send a fake signal (kick.h), and count and report it. klpx_mutex held. */
void klpx_switch_signal(struct klpx_entry *entry);

/* For the hook: @prev is current and about to give up its CPU. */
void klpx_switch_leaving_cpu(struct klpx_set *set, struct task_struct *prev);

/* The work of klpx_entry.work: its task is about to return to user mode. */
void klpx_switch_at_kernel_exit(struct callback_head *work);

#endif /* KLPX_SWITCH_H */
