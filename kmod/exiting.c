// SPDX-License-Identifier: GPL-2.0
/*
 * The list of exiting tasks; see exiting.h.
 *
 * It is kept as long as klpx.ko is loaded, not only during transitions, since
 * it must know the tasks that were unlisted before a transition starts. It
 * costs one small allocation per exit. A task unlisted before klpx.ko was
 * loaded is not on it: no patch of ours can be on its stack.
 *
 * No reference is held: the task is taken off in delayed_put_task_struct(),
 * which holds the last but one, so what is found under the lock is alive.
 */
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "exiting.h"
#include "stats.h"

#define KLPX_EXITING_BITS	8

struct exiting {
	struct hlist_node node;
	struct task_struct *task;
};

/*
 * Guards the buckets and the count. Interrupts off: sched_process_free comes
 * from RCU callbacks.
 */
static DEFINE_RAW_SPINLOCK(exiting_lock);
static struct hlist_head exiting_tasks[1 << KLPX_EXITING_BITS];
static size_t nr_exiting;
/*
 * Under exiting_lock: how many could not be remembered; how many of them the
 * grace period that is awaited covers, and how many those that are over.
 */
static unsigned long missed, missed_waited, missed_gone;
static struct rcu_head missed_head;

static struct kmem_cache *exiting_cache;

int klpx_exiting_init(void)
{
	exiting_cache = kmem_cache_create("klpx_exiting",
					  sizeof(struct exiting), 0, 0, NULL);
	return exiting_cache ? 0 : -ENOMEM;
}

/* The hooks are gone and have been waited for. */
void klpx_exiting_exit(void)
{
	struct exiting *exiting;
	struct hlist_node *next;
	int i;

	/* Twice: the callback may have queued itself once more. */
	rcu_barrier_tasks();
	rcu_barrier_tasks();
	for (i = 0; i < ARRAY_SIZE(exiting_tasks); i++)
		hlist_for_each_entry_safe(exiting, next, &exiting_tasks[i],
					  node)
			kmem_cache_free(exiting_cache, exiting);
	kmem_cache_destroy(exiting_cache);
}

static struct hlist_head *bucket(struct task_struct *task)
{
	return &exiting_tasks[hash_ptr(task, KLPX_EXITING_BITS)];
}

static void missed_are_gone(struct rcu_head *head)
{
	unsigned long flags;
	bool more;

	raw_spin_lock_irqsave(&exiting_lock, flags);
	WRITE_ONCE(missed_gone, missed_waited);
	more = missed != missed_waited;
	missed_waited = missed;
	raw_spin_unlock_irqrestore(&exiting_lock, flags);
	if (more)
		call_rcu_tasks(&missed_head, missed_are_gone);
}

static void miss(void)
{
	unsigned long flags;
	bool first;

	klpx_count(KLPX_STAT_EXITS_UNTRACKED);
	raw_spin_lock_irqsave(&exiting_lock, flags);
	first = missed_gone == missed_waited;
	WRITE_ONCE(missed, missed + 1);
	if (first)
		missed_waited = missed;
	raw_spin_unlock_irqrestore(&exiting_lock, flags);
	if (first)
		call_rcu_tasks(&missed_head, missed_are_gone);
}

void klpx_exiting_add(struct task_struct *task)
{
	struct exiting *exiting;
	unsigned long flags;

	exiting = kmem_cache_alloc(exiting_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!exiting) {
		miss();
		return;
	}
	exiting->task = task;

	raw_spin_lock_irqsave(&exiting_lock, flags);
	hlist_add_head(&exiting->node, bucket(task));
	nr_exiting++;
	raw_spin_unlock_irqrestore(&exiting_lock, flags);
}

void klpx_exiting_remove(struct task_struct *task)
{
	struct exiting *exiting, *found = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&exiting_lock, flags);
	hlist_for_each_entry(exiting, bucket(task), node) {
		if (exiting->task == task) {
			found = exiting;
			hlist_del(&exiting->node);
			nr_exiting--;
			break;
		}
	}
	raw_spin_unlock_irqrestore(&exiting_lock, flags);

	if (found)
		kmem_cache_free(exiting_cache, found);
}

/* References on at most @max of them; returns how many there are. */
static size_t snapshot(struct task_struct **tasks, size_t max)
{
	struct exiting *exiting;
	unsigned long flags;
	size_t n = 0, i;

	raw_spin_lock_irqsave(&exiting_lock, flags);
	if (nr_exiting > max)
		goto out;
	for (i = 0; i < ARRAY_SIZE(exiting_tasks); i++)
		hlist_for_each_entry(exiting, &exiting_tasks[i], node)
			tasks[n++] = get_task_struct(exiting->task);
out:
	n = nr_exiting;
	raw_spin_unlock_irqrestore(&exiting_lock, flags);
	return n;
}

int klpx_exiting_for_each(int (*fn)(struct task_struct *task, void *arg),
			  void *arg)
{
	struct task_struct **tasks;
	size_t i, n, max = 64;
	int ret = 0;

	for (;;) {
		tasks = kvmalloc_array(max, sizeof(*tasks), GFP_KERNEL);
		if (!tasks)
			return -ENOMEM;
		n = snapshot(tasks, max);
		if (n <= max)
			break;
		kvfree(tasks);
		max = 2 * n;
	}

	for (i = 0; i < n; i++) {
		if (!ret)
			ret = fn(tasks[i], arg);
		put_task_struct(tasks[i]);
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
