/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The model of kpatch's core module: every task changes its side at the same
 * instant, with all CPUs stopped, or none does.
 */
#ifndef KLPX_STOP_H
#define KLPX_STOP_H

struct klpx_set;
struct task_struct;

/*
 * Look at all tasks with the machine running, and do nothing: is a switch worth
 * trying? State and errors as for klpx_stop_switch().
 */
int klpx_stop_check(void);

/*
 * Switch every task to the target of the prepared transition. Its versions are
 * in place and in transition, switching is closed. klpx_mutex held; sleeps.
 *
 * -EBUSY: tasks are in the way; each is named in the log with the functions
 * that it is in (unless klpx_lpatch.named_in_way).
 * -ENOMEM: a fork meanwhile could not be followed.
 */
int klpx_stop_switch(void);

/* Hook: @next gets the CPU, the run queue is locked, preemption off. */
void klpx_stop_gets_cpu(struct klpx_set *set, struct task_struct *next);

#endif /* KLPX_STOP_H */
