/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Switching one task: the ways out of the pending set. All of them ask the
 * same question (is a forbidden function on the stack?) of a task that cannot
 * be inside one meanwhile, and all go through one gate.
 */
#ifndef KLPX_SWITCH_H
#define KLPX_SWITCH_H

#include "pending.h"
#include "stack.h"

/*
 * The gate. Open: tasks are switched to @target as they are found clean.
 * Shut: nobody is, and nobody is in the middle of it (klpx_switch_shut() waits
 * for the CPUs). Reversal and forced completion work behind a shut gate.
 * klpx_mutex held.
 */
void klpx_switch_open(enum klpx_side target,
		      const struct klpx_forbidden *forbidden);
void klpx_switch_shut(void);

/*
 * Worker; klpx_mutex held, CPU hotplug held off. Try to switch a task that is
 * off its CPU. True: it is on the target side. False: entry->reason says why
 * not, and what can be done has been done (work for its kernel exit queued,
 * its CPU kicked).
 */
bool klpx_switch_try(struct klpx_set *set, struct klpx_entry *entry);

/* Switch without a look. klpx_mutex held; gate open. */
void klpx_switch_force(struct klpx_set *set, struct klpx_entry *entry);

/* Have it pass the scheduler or its kernel exit. Locks as klpx_switch_try(). */
void klpx_switch_kick(struct klpx_entry *entry);

/* Fake signal: as the kernel's livepatch sends. klpx_mutex held. */
void klpx_switch_signal(struct klpx_entry *entry);

/* Hook: @prev is current and about to give up its CPU. */
void klpx_switch_leaving_cpu(struct klpx_set *set, struct task_struct *prev);

/* The work of klpx_entry.work: its task is about to return to user mode. */
void klpx_switch_at_kernel_exit(struct callback_head *work);

#endif /* KLPX_SWITCH_H */
