// SPDX-License-Identifier: GPL-2.0
/*
 * Direct calls on their way out; see muted.h.
 *
 * From the mute on, the handler has the last word on the function, except for
 * what was on its way already: a CPU that walks ftrace's list of callbacks and
 * had not seen the mark, a task that was preempted before the stub. Both get to
 * the version that was on top. Both are tasks that cannot have been switched to
 * the other side of a transition that begins now: the one is running, the other
 * has an unsafe address on its stack (fastpath.h).
 */
#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "counters.h"
#include "direct.h"
#include "muted.h"
#include "records.h"
#include "sync.h"
#include "wake.h"

/*
 * Let go of in one holding of flush_mutex: a module that goes waits for that.
 */
#define KLPX_MUTED_BATCH	8

/* Guards the list and the table. An entry is off the list before the table. */
static DEFINE_SPINLOCK(muted_lock);
static LIST_HEAD(muted);
static DEFINE_HASHTABLE(muted_by_ip, 8);

/*
 * What is off the list and still in the table is being let go of under it.
 * Taken after klpx_mutex, if that is held at all, and before ftrace's locks.
 */
static DEFINE_MUTEX(flush_mutex);

static void muted_worker(struct work_struct *work);
static DECLARE_WORK(muted_work, muted_worker);
static void (*flushed_fn)(void) __ro_after_init;

void klpx_muted_init(void (*flushed)(void))
{
	flushed_fn = flushed;
}

void klpx_muted_add(struct klpx_direct *direct)
{
	klpx_count(KLPX_STAT_FASTPATH_LEAVING);
	spin_lock(&muted_lock);
	list_add_tail(&direct->muted, &muted);
	hash_add(muted_by_ip, &direct->by_ip, direct->ip);
	spin_unlock(&muted_lock);
}

void klpx_muted_wake(void)
{
	/* Not promote.c's queue: nothing there may keep it waiting. */
	queue_work(system_unbound_wq, &muted_work);
}

bool klpx_muted_at(unsigned long ip)
{
	struct klpx_direct *direct;
	bool found = false;

	spin_lock(&muted_lock);
	hash_for_each_possible(muted_by_ip, direct, by_ip, ip)
		found |= direct->ip == ip;
	spin_unlock(&muted_lock);
	return found;
}

bool klpx_muted_in(const struct klpx_lpatch *patch)
{
	const struct klpx_lobject *obj;
	const struct klpx_lfunc *func;

	lockdep_assert_held(&klpx_mutex);

	if (!atomic_long_read(&klpx_stats[KLPX_STAT_FASTPATH_LEAVING]))
		return false;
	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func)
			/*
			 * No function stack: its object has gone, its callers
			 * not yet.
			 */
			if (klpx_muted_at(func->ip))
				return true;
	return false;
}

/* The next few, in @mod if that is not NULL. */
static bool take_batch(struct list_head *batch, const struct module *mod)
{
	struct klpx_direct *direct, *next;
	unsigned int n = 0;

	spin_lock(&muted_lock);
	list_for_each_entry_safe(direct, next, &muted, muted) {
		if (mod && !within_module(direct->ip, mod))
			continue;
		list_move_tail(&direct->muted, batch);
		if (++n == KLPX_MUTED_BATCH)
			break;
	}
	spin_unlock(&muted_lock);
	return n;
}

static void detach_batch(struct list_head *batch)
{
	struct klpx_direct *direct, *next;

	/* Wait for the callback: detaching takes its function pointer away. */
	klpx_sync_cpus();
	list_for_each_entry(direct, batch, muted)
		klpx_direct_detach(direct);
	/* Wait for users of ftrace's list, which has the callback in it. */
	klpx_sync_cpus();

	list_for_each_entry_safe(direct, next, batch, muted) {
		spin_lock(&muted_lock);
		list_del(&direct->muted);
		hash_del(&direct->by_ip);
		spin_unlock(&muted_lock);
		klpx_uncount(KLPX_STAT_FASTPATH_LEAVING);
		klpx_direct_free(direct);
	}
}

void klpx_muted_flush(const struct module *mod)
{
	LIST_HEAD(batch);
	bool more;

	do {
		/* Also waits for those that another caller has in hand. */
		mutex_lock(&flush_mutex);
		more = take_batch(&batch, mod);
		if (more)
			detach_batch(&batch);
		mutex_unlock(&flush_mutex);
		cond_resched();
	} while (more);
}

static void muted_worker(struct work_struct *work)
{
	klpx_muted_flush(NULL);
	/*
	 * A transition may have waited for this to end, and some for their
	 * turn.
	 */
	klpx_wake_worker();
	flushed_fn();
}

void klpx_muted_exit(void)
{
	klpx_muted_flush(NULL);
	cancel_work_sync(&muted_work);
}
