/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters since load, and the largest values since then or since a 0 was
 * written. stats.c shows them.
 */
#ifndef KLPX_COUNTERS_H
#define KLPX_COUNTERS_H

#include <linux/atomic.h>

/* The order in which stats.c names them. */
enum klpx_stat {
	KLPX_STAT_TRANSITIONS,
	KLPX_STAT_REVERSALS,
	KLPX_STAT_PASSES,
	KLPX_STAT_TIMER_RETRIES,
	KLPX_STAT_TASKS_CHECKED,
	KLPX_STAT_SWITCHED_ASLEEP,	/* note_switched() in switch.c: one */
	KLPX_STAT_SWITCHED_KERNEL_EXIT,	/* for each enum klpx_how, in order */
	KLPX_STAT_SWITCHED_CONTEXT_SWITCH,
	KLPX_STAT_SWITCHED_IDLE,
	KLPX_STAT_SWITCHED_EXITED,
	KLPX_STAT_SWITCHED_FORCED,
	KLPX_STAT_SIGNALS,
	KLPX_STAT_FORKS_INHERITED,
	KLPX_STAT_FORK_ENTRIES_LOST,
	KLPX_STAT_EXITS_UNTRACKED,
	KLPX_STAT_ENTRIES,
	KLPX_STAT_CPU_SYNCS,
	KLPX_STAT_CPU_SYNC_ROUNDS,
	KLPX_STAT_CPU_SYNC_STOPS,
	KLPX_STAT_FASTPATH_FUNCTIONS,	/* now */
	KLPX_STAT_FASTPATH_PROMOTED,
	KLPX_STAT_FASTPATH_REFUSED,
	KLPX_STAT_FASTPATH_COOLED,
	KLPX_STAT_FASTPATH_LEAVING,	/* now */
	KLPX_STAT_STUBS_RECYCLED,
	KLPX_STAT_POLICY_ASKED,
	KLPX_STAT_POLICY_KICKS,
	KLPX_STAT_POLICY_LEFT,
	/* Largest values; klpx_count_max(). */
	KLPX_STAT_LOCK_WAITED_MAX_NS,
	KLPX_STAT_LOCK_HELD_MAX_NS,
	KLPX_STAT_IRQS_OFF_MAX_STEPS,	/* list elements looked at in one go */
	KLPX_STAT_STOPPED_MAX_NS,	/* of the whole machine, by stop.c */
	KLPX_STAT_STOPPED_MAX_TASKS,	/* looked at meanwhile */
	KLPX_STATS,
};

extern atomic_long_t klpx_stats[KLPX_STATS];

/* Safe in any context. */
static inline void klpx_count(enum klpx_stat stat)
{
	atomic_long_inc(&klpx_stats[stat]);
}

static inline void klpx_uncount(enum klpx_stat stat)
{
	atomic_long_dec(&klpx_stats[stat]);
}

/* Only the larger one stays. Safe in any context. */
static inline void klpx_count_max(enum klpx_stat stat, long value)
{
	long old = atomic_long_read(&klpx_stats[stat]);

	while (value > old &&
	       !atomic_long_try_cmpxchg(&klpx_stats[stat], &old, value))
		;
}

#endif /* KLPX_COUNTERS_H */
