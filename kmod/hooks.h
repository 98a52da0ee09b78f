/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of the scheduler and of process management, and what they feed:
 * task_newtask (fork), sched_process_exit and _free (exit), sched_switch.
 */
#ifndef KLPX_HOOKS_H
#define KLPX_HOOKS_H

/* Fork and exit: as long as klpx.ko is loaded. */
int klpx_hooks_init(void);
/* Waits until none of them runs any more. */
void klpx_hooks_exit(void);

/* Context switches: only while a transition runs. klpx_mutex held. */
int klpx_hooks_watch_switches(void);
/* A probe may still run; klpx_sync_readers() waits for it. */
void klpx_hooks_unwatch_switches(void);

#endif /* KLPX_HOOKS_H */
