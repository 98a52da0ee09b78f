/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waiting until no CPU is inside a section with preemption off that began
 * before the call. The redirection handler and the hooks run in such sections;
 * RCU cannot stand in, because functions can be patched that run where RCU is
 * not watching (idle entry, early exceptions).
 */
#ifndef KLPX_SYNC_H
#define KLPX_SYNC_H

void klpx_sync_init(void);
void klpx_sync_exit(void);

/* Sleeps. Caller holds klpx_mutex (one at a time). */
void klpx_sync_cpus(void);

/*
 * Sleeps, long: until every task has been somewhere else than where it was when
 * this was called, preempted or not, the idle tasks included. klpx_mutex not
 * held.
 */
void klpx_sync_tasks(void);

#endif /* KLPX_SYNC_H */
