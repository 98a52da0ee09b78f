// SPDX-License-Identifier: GPL-2.0
/*
 * The pending set; see pending.h for what it means.
 *
 * Readers without the lock: klpx_task_side() and klpx_pending_find(), as
 * readers (sync.h). So an entry is unlinked first, then klpx_sync_readers()
 * waits for them, then it is freed.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "counters.h"
#include "lock.h"
#include "pending.h"
#include "symbols.h"
#include "sync.h"
#include "wake.h"

#define KLPX_PENDING_BITS_MIN	8
#define KLPX_PENDING_BITS_MAX	20
/* A set smaller than this is not worth pruning. */
#define KLPX_PRUNE_MIN		4096UL

struct klpx_set *klpx_current_set;
atomic_long_t klpx_nr_pending;

/* There can be very many; with the buckets, 128 bytes a task. */
static_assert(sizeof(struct klpx_entry) <= 120);

static struct kmem_cache *entry_cache;
static task_work_func_t kernel_exit_fn __ro_after_init;
static DECLARE_WAIT_QUEUE_HEAD(entries_gone);

int klpx_pending_init(task_work_func_t at_kernel_exit)
{
	kernel_exit_fn = at_kernel_exit;
	entry_cache = kmem_cache_create("klpx_entry", sizeof(struct klpx_entry),
					0, 0, NULL);
	return entry_cache ? 0 : -ENOMEM;
}

static bool no_entries(void)
{
	return !atomic_long_read(&klpx_stats[KLPX_STAT_ENTRIES]);
}

void klpx_pending_exit(void)
{
	wait_event(entries_gone, no_entries());
	kmem_cache_destroy(entry_cache);
}

void klpx_entry_get(struct klpx_entry *entry)
{
	refcount_inc(&entry->refs);
}

void klpx_entry_put(struct klpx_entry *entry)
{
	if (!refcount_dec_and_test(&entry->refs))
		return;

	put_task_struct(entry->task);
	kmem_cache_free(entry_cache, entry);
	klpx_uncount(KLPX_STAT_ENTRIES);
	wake_up(&entries_gone);
}

static struct klpx_entry *new_entry(struct task_struct *task, int idle_cpu,
				    gfp_t gfp)
{
	struct klpx_entry *entry = kmem_cache_zalloc(entry_cache, gfp);

	if (!entry)
		return NULL;

	klpx_count(KLPX_STAT_ENTRIES);
	entry->task = get_task_struct(task);
	entry->tid = task_pid_nr(task);
	entry->idle_cpu = idle_cpu;
	refcount_set(&entry->refs, 1);
	INIT_LIST_HEAD(&entry->pending);
	init_task_work(&entry->work, kernel_exit_fn);
	return entry;
}

static void insert_entry(struct klpx_set *set, struct klpx_entry *entry,
			 enum klpx_side side)
{
	lockdep_assert_held(&set->lock);

	entry->side = side;
	hlist_add_head_rcu(&entry->hash,
			   &set->buckets[hash_ptr(entry->task, set->bits)]);
	list_add(&entry->all, &set->all);
	WRITE_ONCE(set->nr_entries, set->nr_entries + 1);
}

static void set_prune_mark(struct klpx_set *set)
{
	set->prune_at = max(2 * READ_ONCE(set->nr_entries), KLPX_PRUNE_MIN);
}

struct klpx_set *klpx_pending_create(enum klpx_side side,
				     unsigned long nr_tasks)
{
	struct klpx_set *set = kzalloc(sizeof(*set), GFP_KERNEL);

	if (!set)
		return NULL;

	/* One or two tasks a bucket. */
	set->bits = clamp_t(unsigned int, ilog2(nr_tasks),
			    KLPX_PENDING_BITS_MIN, KLPX_PENDING_BITS_MAX);
	set->buckets = kvcalloc(1UL << set->bits, sizeof(*set->buckets),
				GFP_KERNEL);
	if (!set->buckets) {
		kfree(set);
		return NULL;
	}
	atomic_long_set(&klpx_nr_pending, 0);
	raw_spin_lock_init(&set->lock);
	set->default_side = side;
	INIT_LIST_HEAD(&set->all);
	INIT_LIST_HEAD(&set->incoming);
	INIT_LIST_HEAD(&set->pending);
	set_prune_mark(set);
	return set;
}

void klpx_pending_publish(struct klpx_set *set)
{
	/*
	 * The buckets and the default side are there before the set is seen.
	 * Pairs with smp_load_acquire() in hooks.c, klpx_report_verdict() and
	 * klpx_switch_at_kernel_exit(); klpx_task_side() is ordered by
	 * smp_rmb() in klpx_redirect_handler().
	 */
	smp_store_release(&klpx_current_set, set);
}

int klpx_pending_add(struct klpx_set *set, struct task_struct *task,
		     int idle_cpu)
{
	struct klpx_entry *entry;
	unsigned long flags;
	bool known;

	/* Only this function and the fork hook add; both re-check locked. */
	preempt_disable();
	known = klpx_pending_find(set, task);
	preempt_enable();
	if (known)
		return 0;

	entry = new_entry(task, idle_cpu, GFP_KERNEL);
	if (!entry)
		return -ENOMEM;

	raw_spin_lock_irqsave(&set->lock, flags);
	known = klpx_pending_find(set, task);
	if (!known)
		insert_entry(set, entry, set->default_side);
	raw_spin_unlock_irqrestore(&set->lock, flags);

	if (known)
		klpx_entry_put(entry);
	return 0;
}

/*
 * The entries from @first on, which nothing else adds to or removes from: those
 * not on @target's side are pending. klpx_mutex held.
 */
static void rebuild_pending(struct klpx_set *set, struct list_head *first,
			    enum klpx_side target)
{
	struct klpx_entry *entry;

	INIT_LIST_HEAD(&set->pending);
	for (; first != &set->all; first = first->next) {
		cond_resched();
		entry = list_entry(first, struct klpx_entry, all);
		WRITE_ONCE(entry->reason, KLPX_NOT_CHECKED);
		WRITE_ONCE(entry->func, NULL);
		WRITE_ONCE(entry->since_ns, 0);
		if (READ_ONCE(entry->side) == target) {
			INIT_LIST_HEAD(&entry->pending);
			continue;
		}
		list_add_tail(&entry->pending, &set->pending);
		atomic_long_inc(&klpx_nr_pending);
	}
}

int klpx_pending_set_target(struct klpx_set *set, enum klpx_side target)
{
	struct list_head *first;
	unsigned long flags;

	lockdep_assert_held(&klpx_mutex);

	raw_spin_lock_irqsave(&set->lock, flags);
	if (set->lost_forks) {
		WRITE_ONCE(set->adding_all, false);
		raw_spin_unlock_irqrestore(&set->lock, flags);
		return -ENOMEM;
	}
	WRITE_ONCE(set->default_side, target);
	/*
	 * Pairs with the smp_load_acquire() in klpx_pending_fork(): a fork that
	 * reads adding_all == false also reads the new default_side. With the
	 * old one, a child of a task of the old side would get no entry, and
	 * would change sides while it runs.
	 */
	smp_store_release(&set->adding_all, false);
	set->forced = false;
	/*
	 * It starts at 1, so that the children counted by klpx_pending_fork()
	 * and switched meanwhile do not bring it to 0 before all are counted.
	 */
	atomic_long_set(&klpx_nr_pending, 1);
	/* Forks that come now go in front of this one, and count themselves. */
	first = set->all.next;
	INIT_LIST_HEAD(&set->incoming);
	raw_spin_unlock_irqrestore(&set->lock, flags);

	rebuild_pending(set, first, target);
	atomic_long_dec(&klpx_nr_pending);
	set_prune_mark(set);
	return 0;
}

void klpx_pending_collect(struct klpx_set *set)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&set->lock, flags);
	list_splice_tail_init(&set->incoming, &set->pending);
	raw_spin_unlock_irqrestore(&set->lock, flags);
}

/* The rule of inheritance; set->lock held. */
static bool inherits_side(struct klpx_set *set, const struct klpx_entry *parent,
			  enum klpx_side *side)
{
	if (set->adding_all) {
		*side = parent ? parent->side : set->default_side;
		return true;
	}
	if (set->forced || !parent || parent->side == set->default_side)
		return false;
	*side = parent->side;
	return true;
}

void klpx_pending_fork(struct klpx_set *set, struct task_struct *child)
{
	struct klpx_entry *parent = klpx_pending_find(set, current);
	struct klpx_entry *entry;
	enum klpx_side side;
	unsigned long flags;

	/*
	 * A check without the lock, for the many forks that inherit nothing.
	 * Pairs with smp_store_release() in klpx_pending_set_target(): a fork
	 * that reads adding_all == false reads the default side of the new
	 * target.
	 */
	if (!smp_load_acquire(&set->adding_all) &&
	    (!parent || READ_ONCE(parent->side) == READ_ONCE(set->default_side)))
		return;

	entry = new_entry(child, -1, GFP_ATOMIC | __GFP_NOWARN);
	if (!entry) {
		klpx_count(KLPX_STAT_FORK_ENTRIES_LOST);
		/* Until the target is set, its default side is the old one. */
		raw_spin_lock_irqsave(&set->lock, flags);
		set->lost_forks |= set->adding_all;
		raw_spin_unlock_irqrestore(&set->lock, flags);
		return;
	}

	raw_spin_lock_irqsave(&set->lock, flags);
	if (!inherits_side(set, parent, &side) ||
	    klpx_pending_find(set, child)) {
		raw_spin_unlock_irqrestore(&set->lock, flags);
		klpx_entry_put(entry);
		return;
	}
	insert_entry(set, entry, side);
	if (side != set->default_side) {
		list_add_tail(&entry->pending, &set->incoming);
		atomic_long_inc(&klpx_nr_pending);
	}
	raw_spin_unlock_irqrestore(&set->lock, flags);
	klpx_count(KLPX_STAT_FORKS_INHERITED);
}

bool klpx_pending_switch(struct klpx_set *set, struct klpx_entry *entry,
			 enum klpx_side target)
{
	/*
	 * A full barrier: the reads of the stack check come before the new
	 * side. The task reads its side in klpx_task_side() afterwards: it is
	 * the current task, or has yet to get its CPU, through the run queue's
	 * lock.
	 */
	if (cmpxchg(&entry->side, !target, target) != !target)
		return false;
	if (atomic_long_dec_and_test(&klpx_nr_pending))
		klpx_wake_worker();
	return true;
}

static void drop_entry(struct klpx_entry *entry)
{
	/*
	 * Not found: the work is running, or about to; it drops its reference.
	 */
	if (READ_ONCE(entry->queued) &&
	    klpx_sym_task_work_cancel(entry->task, &entry->work))
		klpx_entry_put(entry);
	klpx_entry_put(entry);
}

void klpx_pending_prune(struct klpx_set *set)
{
	struct klpx_entry *entry, *next;
	unsigned long flags;
	LIST_HEAD(dead);

	lockdep_assert_held(&klpx_mutex);
	if (READ_ONCE(set->nr_entries) < set->prune_at)
		return;

	/*
	 * Only this function takes entries out, and forks add in front, so the
	 * walk itself needs no lock. Pending ones are the pass's business.
	 */
	list_for_each_entry_safe(entry, next, &set->all, all) {
		cond_resched();
		if (!list_empty(&entry->pending) ||
		    !klpx_task_dead(entry->task))
			continue;
		raw_spin_lock_irqsave(&set->lock, flags);
		hlist_del_rcu(&entry->hash);
		list_move(&entry->all, &dead);
		WRITE_ONCE(set->nr_entries, set->nr_entries - 1);
		raw_spin_unlock_irqrestore(&set->lock, flags);
	}
	set_prune_mark(set);

	if (list_empty(&dead))
		return;
	klpx_sync_readers();
	list_for_each_entry_safe(entry, next, &dead, all) {
		drop_entry(entry);
		cond_resched();
	}
}

void klpx_pending_retire(struct klpx_set *set)
{
	struct klpx_entry *entry, *next;

	lockdep_assert_held(&klpx_mutex);

	WRITE_ONCE(klpx_current_set, NULL);
	klpx_sync_readers();

	list_for_each_entry_safe(entry, next, &set->all, all) {
		drop_entry(entry);
		cond_resched();
	}
	kvfree(set->buckets);
	kfree(set);
}
