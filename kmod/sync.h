/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waiting for what other CPUs and tasks are doing. RCU cannot stand in, because
 * functions can be patched that run where RCU is not watching (idle entry,
 * early exceptions).
 *
 * A *reader* is a section of the engine itself, between klpx_read_lock() and
 * klpx_read_unlock(): the redirection handler, the hooks, the work at kernel
 * exit, the kfunc. Each CPU counts those it is in, so one interrupt tells for
 * certain, whatever the CPU was doing: a virtual machine, a real-time hog, a
 * loop that hardly ever switches preemption on.
 *
 * What others do with preemption off (ftrace, walking its list of callbacks)
 * has no such count; see klpx_sync_cpus().
 */
#ifndef KLPX_SYNC_H
#define KLPX_SYNC_H

#include <linux/percpu.h>
#include <linux/preempt.h>

DECLARE_PER_CPU(unsigned int, klpx_readers);

/*
 * Any context. Nested ones are counted, also those of an interrupt or NMI: it
 * has left its own when what it interrupted goes on.
 */
static __always_inline void klpx_read_lock(void)
{
	preempt_disable_notrace();
	raw_cpu_inc(klpx_readers);
	/* Nothing of the section moves out; pairs with note_no_reader(). */
	barrier();
}

static __always_inline void klpx_read_unlock(void)
{
	barrier();
	raw_cpu_dec(klpx_readers);
	preempt_enable_notrace();
}

/*
 * Until no CPU is in a reader that began before the call. Sleeps, shortly:
 * a reader waits for nothing. Caller holds klpx_mutex.
 */
void klpx_sync_readers(void);

/*
 * Until no CPU is in any section with preemption off that began before the
 * call. Sleeps; at worst as long as a CPU keeps preemption off, so better
 * without klpx_mutex.
 */
void klpx_sync_cpus(void);

/*
 * Sleeps, long: until every task has been somewhere else than where it was when
 * this was called, preempted or not, the idle tasks included. klpx_mutex not
 * held.
 */
void klpx_sync_tasks(void);

#endif /* KLPX_SYNC_H */
