// SPDX-License-Identifier: GPL-2.0
/*
 * The list of exiting tasks; see exiting.h.
 *
 * It is kept as long as klpx.ko is loaded, not only during transitions, since
 * it must know the tasks that were unlisted before a transition starts. It
 * costs one small allocation per exit. A task unlisted before klpx.ko was
 * loaded is not on it: no patch of ours is on its stack then. (It could enter a
 * later one in the rest of do_exit(); docs/ARCHITECTURE.md, Limits.)
 *
 * A task stays on it until it has been reaped, so there can be as many as there
 * are zombies. Each bucket has a lock of its own, so that exits on many CPUs do
 * not meet, and there are as many buckets as keep each of them short: a zombie
 * takes three pages at least, and there is one bucket for 64 pages of memory.
 *
 * No reference is held: the task is taken off in delayed_put_task_struct(),
 * which holds the last but one, so what is found under the lock is alive.
 */
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "counters.h"
#include "exiting.h"

#define KLPX_EXITING_BITS_MIN	8
#define KLPX_EXITING_BITS_MAX	16
#define KLPX_PAGES_PER_BUCKET	64
/* References taken in one go; more if a bucket holds more. */
#define KLPX_EXITING_BATCH	64

struct exiting {
	struct hlist_node node;
	struct task_struct *task;
};

struct bucket {
	/* Interrupts off: sched_process_free comes from RCU callbacks. */
	raw_spinlock_t lock;
	struct hlist_head tasks;
};

static struct bucket *buckets;
static unsigned int bucket_bits;

/* Guards the three below; interrupts off, never taken with a bucket's. */
static DEFINE_RAW_SPINLOCK(missed_lock);
/*
 * How many could not be remembered; how many of them the grace period that is
 * awaited covers, and how many those that are over.
 */
static unsigned long missed, missed_waited, missed_gone;
static struct rcu_head missed_head;

static struct kmem_cache *exiting_cache;

int klpx_exiting_init(void)
{
	unsigned long i;

	bucket_bits = clamp_t(unsigned int,
			      ilog2(totalram_pages() / KLPX_PAGES_PER_BUCKET | 1),
			      KLPX_EXITING_BITS_MIN, KLPX_EXITING_BITS_MAX);
	buckets = kvcalloc(1UL << bucket_bits, sizeof(*buckets), GFP_KERNEL);
	if (!buckets)
		return -ENOMEM;
	for (i = 0; i < 1UL << bucket_bits; i++)
		raw_spin_lock_init(&buckets[i].lock);

	exiting_cache = kmem_cache_create("klpx_exiting",
					  sizeof(struct exiting), 0, 0, NULL);
	if (exiting_cache)
		return 0;
	kvfree(buckets);
	return -ENOMEM;
}

/* The hooks are gone and have been waited for. */
void klpx_exiting_exit(void)
{
	struct exiting *exiting;
	struct hlist_node *next;
	unsigned long i;

	/* Twice: the callback may have queued itself once more. */
	rcu_barrier_tasks();
	rcu_barrier_tasks();
	for (i = 0; i < 1UL << bucket_bits; i++)
		hlist_for_each_entry_safe(exiting, next, &buckets[i].tasks,
					  node)
			kmem_cache_free(exiting_cache, exiting);
	kmem_cache_destroy(exiting_cache);
	kvfree(buckets);
}

static struct bucket *bucket_of(struct task_struct *task)
{
	return &buckets[hash_ptr(task, bucket_bits)];
}

static void missed_are_gone(struct rcu_head *head)
{
	unsigned long flags;
	bool more;

	raw_spin_lock_irqsave(&missed_lock, flags);
	WRITE_ONCE(missed_gone, missed_waited);
	more = missed != missed_waited;
	missed_waited = missed;
	raw_spin_unlock_irqrestore(&missed_lock, flags);
	if (more)
		call_rcu_tasks(&missed_head, missed_are_gone);
}

static void count_missed(void)
{
	unsigned long flags;
	bool first;

	klpx_count(KLPX_STAT_EXITS_UNTRACKED);
	raw_spin_lock_irqsave(&missed_lock, flags);
	first = missed_gone == missed_waited;
	WRITE_ONCE(missed, missed + 1);
	if (first)
		missed_waited = missed;
	raw_spin_unlock_irqrestore(&missed_lock, flags);
	if (first)
		call_rcu_tasks(&missed_head, missed_are_gone);
}

void klpx_exiting_add(struct task_struct *task)
{
	struct bucket *bucket = bucket_of(task);
	struct exiting *exiting;
	unsigned long flags;

	exiting = kmem_cache_alloc(exiting_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!exiting) {
		count_missed();
		return;
	}
	exiting->task = task;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	hlist_add_head(&exiting->node, &bucket->tasks);
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
}

void klpx_exiting_remove(struct task_struct *task)
{
	struct bucket *bucket = bucket_of(task);
	struct exiting *exiting, *found = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	hlist_for_each_entry(exiting, &bucket->tasks, node) {
		if (exiting->task == task) {
			found = exiting;
			hlist_del(&exiting->node);
			break;
		}
	}
	raw_spin_unlock_irqrestore(&bucket->lock, flags);

	if (found)
		kmem_cache_free(exiting_cache, found);
}

/* References on at most @max of its tasks; returns how many there are. */
static size_t get_tasks(struct bucket *bucket, struct task_struct **tasks,
			size_t max)
{
	struct exiting *exiting;
	unsigned long flags;
	size_t n = 0;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	hlist_for_each_entry(exiting, &bucket->tasks, node) {
		if (n < max)
			tasks[n] = get_task_struct(exiting->task);
		n++;
	}
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	klpx_count_max(KLPX_STAT_IRQS_OFF_MAX_STEPS, n);
	return n;
}

static void put_tasks(struct task_struct **tasks, size_t n)
{
	while (n--)
		put_task_struct(tasks[n]);
}

/* Room for all tasks of the bucket is made if need be. */
static int visit_bucket(struct bucket *bucket, struct task_struct ***tasks,
			size_t *max, int (*fn)(struct task_struct *, void *),
			void *arg)
{
	size_t i, n;
	int ret = 0;

	while ((n = get_tasks(bucket, *tasks, *max)) > *max) {
		put_tasks(*tasks, *max);
		kvfree(*tasks);
		*max = 2 * n;
		*tasks = kvmalloc_array(*max, sizeof(**tasks), GFP_KERNEL);
		if (!*tasks)
			return -ENOMEM;
	}
	for (i = 0; i < n && !ret; i++)
		ret = fn((*tasks)[i], arg);
	put_tasks(*tasks, n);
	return ret;
}

/*
 * Bucket by bucket, so this is no picture of one instant. It need not be: a
 * task stays in its bucket from before it is unlisted until it is dead, so one
 * that was there when this began and still lives is found.
 */
int klpx_exiting_for_each(int (*fn)(struct task_struct *task, void *arg),
			  void *arg)
{
	size_t max = KLPX_EXITING_BATCH;
	struct task_struct **tasks;
	unsigned long i;
	int ret = 0;

	tasks = kvmalloc_array(max, sizeof(*tasks), GFP_KERNEL);
	if (!tasks)
		return -ENOMEM;
	/*
	 * A task that was found unlisted by now is seen in its bucket:
	 * klpx_exiting_add() put it there before exit_notify() unlisted it, and
	 * x86 shows stores in their order. Pairs with the order of those
	 * two stores.
	 */
	smp_rmb();
	for (i = 0; i < 1UL << bucket_bits && !ret; i++) {
		if (!hlist_empty(&buckets[i].tasks))
			ret = visit_bucket(&buckets[i], &tasks, &max, fn, arg);
		cond_resched();
	}
	kvfree(tasks);
	return ret;
}

unsigned long klpx_exiting_missed(void)
{
	return READ_ONCE(missed);
}

bool klpx_exiting_are_gone(unsigned long missed_by_then)
{
	return (long)(READ_ONCE(missed_gone) - missed_by_then) >= 0;
}
