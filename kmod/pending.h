/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pending set: which side each task is on while a transition runs.
 *
 * A task with an entry is on the entry's side. A task without one is on the
 * set's default side. A task is *pending* if its side is not the target.
 *
 * The life of a set: create (every task is on the old side by default), publish
 * (hooks and handler see it), add all tasks (each gets an entry on the side it
 * is on), set the target (it becomes the default; each task with an entry on
 * the other side is now pending). A reversal adds all tasks and sets the target
 * once more: no task's side changes, only what counts as pending. Then retire.
 */
#ifndef KLPX_PENDING_H
#define KLPX_PENDING_H

#include <linux/hash.h>
#include <linux/llist.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>

#include <klpx/abi.h>

struct klpx_lfunc;

struct klpx_entry {
	struct hlist_node hash;
	struct list_head all;		/* in klpx_set.all */
	union {
		struct list_head pending; /* in klpx_set.pending or .incoming */
		/* stop.c, where no task is pending: */
		struct llist_node on_cpu; /* in klpx_set.on_cpu */
	};
	struct callback_head work;	/* switch.c: runs at kernel exit */
	struct task_struct *task;	/* holds a reference */
	const struct klpx_lfunc *func;	/* in the way when last looked at */
	union {
		u64 since_ns;		/* first seen blocking, 0: never */
		/* stop.c, where no task blocks for any time: */
		unsigned long switches;	/* context switches when checked */
	};
	u64 checked_ns;
	refcount_t refs;		/* one the set's, one the queued work's */
	u32 tid;			/* kept: exec can give the task another */
	u32 signals;
	s16 idle_cpu;			/* -1: not an idle task */
	u8 reason;			/* enum klpx_reason */
	u8 queued;			/* work is on the task's list */
	int side;			/* enum klpx_side; klpx_pending_switch() */
	u8 listed;			/* stop.c: .on_cpu is in the list */
};

struct klpx_set {
	/*
	 * Guards insertion and removal, .incoming, .default_side and the
	 * rule by which a fork inherits. Taken with interrupts off; innermost.
	 */
	raw_spinlock_t lock;
	struct hlist_head *buckets;
	unsigned int bits;
	enum klpx_side default_side;
	int switched_all;		/* stop.c: 1 swaps the sides of all */
	bool adding_all;		/* every fork gets an entry */
	bool forced;			/* no fork gets one */
	bool lost_forks;		/* one got none: no memory */
	bool stops;			/* of a patch that stops the machine */
	bool adopted;			/* of an adopted patch: adopt.c */
	struct llist_head on_cpu;	/* stop.c: tasks that may have run */
	unsigned long missed_exits;	/* klpx_mutex; see exiting.h */
	struct list_head all;
	struct list_head incoming;	/* pending, not yet seen by the worker */
	unsigned long nr_entries;

	struct list_head pending;	/* klpx_mutex; may hold switched ones */
	unsigned long prune_at;		/* klpx_mutex */
};

/* The set the handler and the hooks look at, NULL outside a transition. */
extern struct klpx_set *klpx_current_set;

/*
 * The pending tasks of that set; not in it, so that sysfs can read it at any
 * time.
 */
extern atomic_long_t klpx_nr_pending;

/* Lock-free, any context, a reader; NULL if the task has no entry. */
static __always_inline struct klpx_entry *
klpx_pending_find(const struct klpx_set *set, const struct task_struct *task)
{
	struct hlist_node *node;

	for (node = READ_ONCE(set->buckets[hash_ptr(task, set->bits)].first);
	     node; node = READ_ONCE(node->next)) {
		struct klpx_entry *entry =
			hlist_entry(node, struct klpx_entry, hash);

		if (entry->task == task)
			return entry;
	}
	return NULL;
}

/*
 * The side of @task, for the redirection handler. Preemption is off, so the set
 * cannot go away; the caller has seen a version in transition, so there is one.
 * An entry is only ever added on the side its task is on already, and the
 * default only changes when every task has an entry and klpx_sync_readers() has
 * waited for those that looked before it had one: no instant shows a task on
 * the wrong side.
 */
static __always_inline enum klpx_side
klpx_side_in(const struct klpx_set *set, const struct task_struct *task)
{
	const struct klpx_entry *entry = klpx_pending_find(set, task);

	return (entry ? READ_ONCE(entry->side) :
			READ_ONCE(set->default_side)) ^
	       READ_ONCE(set->switched_all);
}

static __always_inline enum klpx_side
klpx_task_side(const struct task_struct *task)
{
	return klpx_side_in(READ_ONCE(klpx_current_set), task);
}

/* @at_kernel_exit: the work that runs when a task returns to user mode. */
int klpx_pending_init(task_work_func_t at_kernel_exit);
/* Waits until no task has work of ours queued. */
void klpx_pending_exit(void);

/* All of these: klpx_mutex held, may sleep. */
/* For about @nr_tasks, which are on @side by default. NULL: no memory. */
struct klpx_set *klpx_pending_create(enum klpx_side side,
				     unsigned long nr_tasks);
void klpx_pending_publish(struct klpx_set *set);

/* Give an entry to @task, on the default side, if it has none. -ENOMEM. */
int klpx_pending_add(struct klpx_set *set, struct task_struct *task,
		     int idle_cpu);

/*
 * Every task has an entry and klpx_sync_readers() has run since: make @target
 * the default and rebuild .pending. No task is switched meanwhile: switching is
 * closed (switch.h).
 * -ENOMEM: a fork since klpx_add_all_tasks() began got no entry; nothing has
 * changed, except that not every fork gets one any more.
 */
int klpx_pending_set_target(struct klpx_set *set, enum klpx_side target);

/* Move .incoming to .pending. */
void klpx_pending_collect(struct klpx_set *set);

/* Drop entries of dead tasks if the set has grown enough to be worth it. */
void klpx_pending_prune(struct klpx_set *set);

/* Unpublish, wait for readers, free. */
void klpx_pending_retire(struct klpx_set *set);

/*
 * Fork hook, in the parent's context before the child first runs: the child of
 * a task that has an entry to inherit gets one. Preemption off, may not sleep.
 * Without memory the child starts on the default side, which is safe: its
 * stack is empty, so no function of the other side can be on it.
 */
void klpx_pending_fork(struct klpx_set *set, struct task_struct *child);

/*
 * Switch @entry to @target, once: true for the caller that did it. The last
 * pending one wakes the worker. Any context but NMI; a reader, or klpx_mutex
 * held.
 */
bool klpx_pending_switch(struct klpx_set *set, struct klpx_entry *entry,
			 enum klpx_side target);

/* The reference of a queued work. */
void klpx_entry_get(struct klpx_entry *entry);
void klpx_entry_put(struct klpx_entry *entry);

/*
 * It will never run again: its last context switch is over. Pairs with the
 * smp_store_release() of .on_cpu in finish_task() (kernel/sched/core.c).
 */
static inline bool klpx_task_dead(const struct task_struct *task)
{
	return READ_ONCE(task->__state) == TASK_DEAD &&
	       !smp_load_acquire(&task->on_cpu);
}

static inline bool klpx_entry_idle(const struct klpx_entry *entry)
{
	return entry->idle_cpu >= 0;
}

#endif /* KLPX_PENDING_H */
