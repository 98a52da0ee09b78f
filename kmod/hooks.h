/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of the scheduler and of process management, and what they feed:
 * task_newtask (fork), sched_process_exit and _free (exit), sched_switch. All
 * as long as klpx.ko is loaded: see hooks.c.
 */
#ifndef KLPX_HOOKS_H
#define KLPX_HOOKS_H

int klpx_hooks_init(void);
/* Waits until none of them runs any more. */
void klpx_hooks_exit(void);

#endif /* KLPX_HOOKS_H */
