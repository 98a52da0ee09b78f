// SPDX-License-Identifier: GPL-2.0
/* Taking and giving back klpx_mutex; see lock.h. */
#include <linux/ktime.h>
#include <linux/sched.h>

#include "counters.h"
#include "lock.h"

DEFINE_MUTEX(klpx_mutex);

/* When the present owner got it; guarded by klpx_mutex. */
static u64 taken_ns;

/* NULL while it is free; written by the owner alone. */
static struct task_struct *owner;

static void note_taken(u64 asked_ns)
{
	WRITE_ONCE(owner, current);
	taken_ns = ktime_get_ns();
	klpx_count_max(KLPX_STAT_LOCK_WAITED_MAX_NS, taken_ns - asked_ns);
}

void klpx_lock(void)
{
	u64 asked_ns = ktime_get_ns();

	mutex_lock(&klpx_mutex);
	note_taken(asked_ns);
}

/*
 * Not _interruptible(): the fake signals of a transition would interrupt it,
 * and an operator's write would fail for no reason that the operator knows.
 */
int klpx_lock_killable(void)
{
	u64 asked_ns = ktime_get_ns();
	int ret;

	ret = mutex_lock_killable(&klpx_mutex);
	if (!ret)
		note_taken(asked_ns);
	return ret;
}

void klpx_unlock(void)
{
	klpx_count_max(KLPX_STAT_LOCK_HELD_MAX_NS, ktime_get_ns() - taken_ns);
	WRITE_ONCE(owner, NULL);
	mutex_unlock(&klpx_mutex);
}

bool klpx_lock_is_mine(void)
{
	return READ_ONCE(owner) == current;
}
