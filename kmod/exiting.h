/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tasks on their way out. A task leaves the task list and loses its tid in the
 * middle of do_exit() and runs on; the kernel's livepatch does not see it from
 * there on, and crashes when a patched do_exit() is freed under it. These are
 * remembered from the sched_process_exit tracepoint (before they are unlisted)
 * until sched_process_free (an RCU grace period after their last switch).
 */
#ifndef KLPX_EXITING_H
#define KLPX_EXITING_H

#include <linux/sched.h>

int klpx_exiting_init(void);
void klpx_exiting_exit(void);

/* Hooks; preemption off. */
void klpx_exiting_add(struct task_struct *task);
void klpx_exiting_remove(struct task_struct *task);

/*
 * Call @fn for each that was there when this began, with a reference held;
 * stops at the first error and returns it. -ENOMEM. May sleep.
 */
int klpx_exiting_for_each(int (*fn)(struct task_struct *task, void *arg),
			  void *arg);

/*
 * How many could not be remembered so far, because there was no memory; and
 * whether as many are gone: an RCU-tasks grace period has passed since. Those
 * are in no set if they had left the task list before they could be added.
 */
unsigned long klpx_exiting_missed(void);
bool klpx_exiting_are_gone(unsigned long missed_by_then);

#endif /* KLPX_EXITING_H */
