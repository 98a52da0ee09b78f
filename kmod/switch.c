// SPDX-License-Identifier: GPL-2.0
/*
 * Moves pending tasks to the target side: from the worker (sleeping, exited),
 * from task work (return to user mode), from sched_switch (context switch,
 * idle), or by force. Forks are added in pending.c.
 */
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include <klpx/task_state.h>

#include "counters.h"
#include "kick.h"
#include "lock.h"
#include "report.h"
#include "switch.h"
#include "symbols.h"
#include "sync.h"
#include "wake.h"

static_assert(KLPX_STATE_STOPPED == __TASK_STOPPED);
static_assert(KLPX_STATE_TRACED == __TASK_TRACED);
static_assert(KLPX_STATE_UNINTERRUPTIBLE == TASK_UNINTERRUPTIBLE);

/*
 * Written under klpx_mutex, .target and .unsafe only while .open is false and
 * no reader is left. Read under klpx_mutex, and by switch_current() as a reader
 * that has seen .open.
 */
static struct {
	bool open;
	enum klpx_side target;
	const struct klpx_unsafe *unsafe;
} switching;

void klpx_switch_open(enum klpx_side target,
		      const struct klpx_unsafe *unsafe)
{
	lockdep_assert_held(&klpx_mutex);

	switching.target = target;
	switching.unsafe = unsafe;
	/*
	 * Pairs with smp_load_acquire() in switch_current(): .target, .unsafe.
	 */
	smp_store_release(&switching.open, true);
}

void klpx_switch_close(void)
{
	lockdep_assert_held(&klpx_mutex);

	WRITE_ONCE(switching.open, false);
	/* For switch_current(), which may have read true and be at a stack. */
	klpx_sync_readers();
}

/* As many counters as ways to switch; they stand in the order of klpx_how. */
static_assert(KLPX_HOW_ASLEEP == 0);
static_assert(KLPX_STAT_SWITCHED_FORCED - KLPX_STAT_SWITCHED_ASLEEP ==
	      KLPX_HOW_FORCED - KLPX_HOW_ASLEEP);

static void note_switched(struct klpx_entry *entry, enum klpx_how how)
{
	klpx_count(KLPX_STAT_SWITCHED_ASLEEP + how);
	klpx_report_switched(entry, how);
}

/*
 * The current task checks its own stack. It is a reader (sync.h) from before
 * .open is read until after the switch: klpx_switch_close() waits for that.
 */
static void switch_current(struct klpx_set *set, enum klpx_how how)
{
	struct klpx_entry *entry;
	const void *owner;

	/* Pairs with smp_store_release() in klpx_switch_open(). */
	if (!smp_load_acquire(&switching.open))
		return;
	entry = klpx_pending_find(set, current);
	if (!entry || READ_ONCE(entry->side) == switching.target)
		return;
	if (klpx_stack_check(current, switching.unsafe, &owner))
		return;
	if (klpx_pending_switch(set, entry, switching.target))
		note_switched(entry,
			      klpx_entry_idle(entry) ? KLPX_HOW_IDLE : how);
}

void klpx_switch_leaving_cpu(struct klpx_set *set, struct task_struct *prev)
{
	struct klpx_entry *entry;

	if (READ_ONCE(prev->__state) != TASK_DEAD) {
		switch_current(set, KLPX_HOW_CONTEXT_SWITCH);
		return;
	}

	/*
	 * Its last switch, but the rest of __schedule() still runs on its
	 * stack and may call patched functions. The interrupt that this raises
	 * comes when the switch is over; the worker then finds it dead.
	 */
	entry = klpx_pending_find(set, prev);
	if (entry && READ_ONCE(entry->side) != READ_ONCE(set->default_side))
		klpx_wake_worker();
}

/*
 * On the way to user mode nothing of the kernel is on the stack but entry
 * code. Task work also runs in do_exit() and in io workers, so it is checked
 * here all the same.
 */
void klpx_switch_at_kernel_exit(struct callback_head *work)
{
	struct klpx_entry *entry = container_of(work, struct klpx_entry, work);
	struct klpx_set *set;

	klpx_read_lock();
	WRITE_ONCE(entry->queued, false);
	/* Pairs with smp_store_release() in klpx_pending_publish(). */
	set = smp_load_acquire(&klpx_current_set);
	if (set)
		switch_current(set, KLPX_HOW_KERNEL_EXIT);
	klpx_read_unlock();

	klpx_entry_put(entry);
}

/* Also interrupts a task that runs in user mode (kick_process()). */
static void queue_kernel_exit(struct klpx_entry *entry)
{
	if ((entry->task->flags & PF_KTHREAD) || READ_ONCE(entry->queued))
		return;

	klpx_entry_get(entry);
	WRITE_ONCE(entry->queued, true);
	if (!task_work_add(entry->task, &entry->work, TWA_RESUME))
		return;

	/* Past exit_task_work(): its context switches are still ahead. */
	WRITE_ONCE(entry->queued, false);
	klpx_entry_put(entry);
}

struct attempt {
	struct klpx_set *set;
	struct klpx_entry *entry;
	const void *owner;
	enum klpx_how how;
};

/* The task is held where it is: task_call_func() has its locks. */
static int switch_held(struct task_struct *task, void *arg)
{
	struct attempt *attempt = arg;
	int ret = 0;

	if (klpx_task_dead(task))
		attempt->how = KLPX_HOW_EXITED;
	else if (READ_ONCE(task->on_cpu) && task != current)
		ret = -EBUSY;
	else
		ret = klpx_stack_check(task, switching.unsafe, &attempt->owner);

	/*
	 * If not: the task switched itself while task_call_func() took its
	 * locks.
	 */
	if (!ret && !klpx_pending_switch(attempt->set, attempt->entry,
					 switching.target))
		ret = -EALREADY;
	return ret;
}

static enum klpx_reason reason_of(const struct klpx_entry *entry, int error)
{
	unsigned int state = READ_ONCE(entry->task->__state);

	switch (error) {
	case -EBUSY:
		return klpx_entry_idle(entry) ? KLPX_IDLE : KLPX_RUNNING;
	case -EADDRINUSE:
		return klpx_reason_on_function(state, entry->task->flags &
						      PF_EXITING);
	default:
		return KLPX_UNRELIABLE_STACK;
	}
}

/*
 * Kernel threads and workers never return to user mode; another task does soon,
 * unless it is in a long system call: kicked if it was seen blocking before.
 */
static bool needs_kick(const struct klpx_entry *entry)
{
	return entry->since_ns || (entry->task->flags &
				   (PF_KTHREAD | PF_USER_WORKER | PF_IO_WORKER));
}

/* A CPU that is offline runs nothing; its idle task starts afresh. */
static bool switch_offline_idle(struct klpx_set *set, struct klpx_entry *entry)
{
	if (!klpx_entry_idle(entry) || cpu_online(entry->idle_cpu))
		return false;
	if (klpx_pending_switch(set, entry, switching.target))
		note_switched(entry, KLPX_HOW_IDLE);
	return true;
}

bool klpx_switch_try(struct klpx_set *set, struct klpx_entry *entry)
{
	struct attempt attempt = {
		.set = set,
		.entry = entry,
		.how = klpx_entry_idle(entry) ? KLPX_HOW_IDLE : KLPX_HOW_ASLEEP,
	};
	int ret;

	lockdep_assert_held(&klpx_mutex);

	if (READ_ONCE(entry->side) == switching.target)
		return true;
	if (switch_offline_idle(set, entry))
		return true;

	ret = klpx_sym_task_call_func(entry->task, switch_held, &attempt);
	if (!ret)
		note_switched(entry, attempt.how);
	if (!ret || ret == -EALREADY)
		return true;

	WRITE_ONCE(entry->reason, reason_of(entry, ret));
	WRITE_ONCE(entry->func, ret == -EADDRINUSE ? attempt.owner : NULL);
	queue_kernel_exit(entry);
	if (ret == -EBUSY && needs_kick(entry))
		klpx_kick_cpu(task_cpu(entry->task));
	return false;
}

void klpx_switch_force(struct klpx_set *set, struct klpx_entry *entry)
{
	unsigned long flags;
	bool done;

	lockdep_assert_held(&klpx_mutex);

	/* Not while the task's fork hook reads its side for a child. */
	raw_spin_lock_irqsave(&set->lock, flags);
	done = klpx_pending_switch(set, entry, switching.target);
	raw_spin_unlock_irqrestore(&set->lock, flags);
	if (done)
		note_switched(entry, KLPX_HOW_FORCED);
}

void klpx_switch_kick(struct klpx_entry *entry)
{
	lockdep_assert_held(&klpx_mutex);

	queue_kernel_exit(entry);
	if (entry->task->flags & PF_KTHREAD)
		klpx_kick_cpu(task_cpu(entry->task));
	else
		kick_process(entry->task);
}

void klpx_switch_signal(struct klpx_entry *entry)
{
	struct task_struct *task = entry->task;

	lockdep_assert_held(&klpx_mutex);

	if (klpx_entry_idle(entry) || klpx_task_dead(task))
		return;

	klpx_fake_signal(task);
	WRITE_ONCE(entry->signals, entry->signals + 1);
	klpx_count(KLPX_STAT_SIGNALS);
	klpx_report_signal(entry);
}
