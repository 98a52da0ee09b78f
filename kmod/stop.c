// SPDX-License-Identifier: GPL-2.0
/*
 * Switching all tasks in one stop_machine().
 *
 * The long part comes first, with the machine running: each task that is off
 * its CPU is looked at and the number of its context switches remembered. Tasks
 * that were on a CPU then, and those that get one afterwards, are put on a list
 * (klpx_set.on_cpu); it is gone through again and again until it is short. What
 * is looked at while the machine stands still is that list, whatever number of
 * tasks there is.
 *
 * The switch itself is one store, to klpx_set.switched_all, which
 * klpx_task_side() reads: whatever interrupts a CPU afterwards finds all
 * functions of the patch old, or all of them new. (An NMI that the store falls
 * into can have called one function before it and call another one after it, as
 * with kpatch: NMIs cannot be stopped. It never mixes them in one stack that
 * outlives the switch, but a patch whose functions NMIs call should not rely on
 * more.)
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>
#include <linux/llist.h>
#include <linux/sched.h>
#include <linux/stop_machine.h>

#include "counters.h"
#include "exiting.h"
#include "report.h"
#include "stop.h"
#include "symbols.h"
#include "sync.h"
#include "transition_state.h"
#include "unsafe.h"

/* A list this long need not become shorter before the machine is stopped. */
#define KLPX_STOP_FEW		64
/* Rounds through the list, at most: tasks that get a CPU may be many. */
#define KLPX_STOP_ROUNDS	8

/* No task has switched that often. A task that never ran has 0 and is clean. */
#define KLPX_NEVER_CHECKED	ULONG_MAX

static unsigned long count_switches(const struct task_struct *task)
{
	return READ_ONCE(task->nvcsw) + READ_ONCE(task->nivcsw);
}

static bool check_stack(struct klpx_entry *entry, struct task_struct *task)
{
	const void *owner = NULL;
	int ret;

	ret = klpx_stack_check(task, &klpx_tr.unsafe, &owner);
	entry->func = owner;
	entry->reason = ret == -EADDRINUSE ? KLPX_ON_FUNCTION :
			ret	       ? KLPX_UNRELIABLE_STACK :
					 KLPX_NOT_CHECKED;
	return !ret;
}

/* It has no stack to look at, or one that changes while it is looked at. */
static bool has_no_stack(const struct task_struct *task)
{
	return klpx_task_dead(task) ||
	       (READ_ONCE(task->on_cpu) && task != current);
}

/* The task is held, or has just got its CPU: one adds it at a time. */
static void list_as_running(struct klpx_set *set, struct klpx_entry *entry)
{
	/* Before check_listed() looks at the task, or it stays on the list. */
	if (!xchg(&entry->listed, 1))
		llist_add(&entry->on_cpu, &set->on_cpu);
}

/*
 * In __schedule() with the run queue locked, as task_call_func() has it: a look
 * at @next is over, or finds it on the CPU.
 */
void klpx_stop_gets_cpu(struct klpx_set *set, struct task_struct *next)
{
	struct klpx_entry *entry = klpx_pending_find(set, next);

	if (entry)
		list_as_running(set, entry);
}

/* task_call_func() holds the task where it is. */
static int check_held(struct task_struct *task, void *arg)
{
	struct klpx_entry *entry = arg;

	entry->switches = KLPX_NEVER_CHECKED;
	entry->reason = KLPX_NOT_CHECKED;
	/* The current task sleeps when the machine stands still. */
	if (READ_ONCE(task->on_cpu))
		list_as_running(klpx_tr.set, entry);
	if (has_no_stack(task))
		return 0;
	if (!check_stack(entry, task))
		return -EBUSY;
	entry->switches = count_switches(task);
	return 0;
}

static int check_while_running(void)
{
	struct klpx_entry *entry;
	int ret = 0;

	/* Forks go in front of what is walked here; the hook lists them. */
	list_for_each_entry(entry, &klpx_tr.set->all, all) {
		if (klpx_sym_task_call_func(entry->task, check_held, entry))
			ret = -EBUSY;
		cond_resched();
	}
	return ret;
}

/* Look at what is on the list; returns how many were on it, or -EBUSY. */
static long check_listed(void)
{
	struct llist_node *first = llist_del_all(&klpx_tr.set->on_cpu);
	struct klpx_entry *entry, *next;
	long n = 0, ret = 0;

	llist_for_each_entry_safe(entry, next, first, on_cpu) {
		/* Off the list first: it may be listed again from here on. */
		xchg(&entry->listed, 0);
		if (klpx_sym_task_call_func(entry->task, check_held, entry))
			ret = -EBUSY;
		n++;
		cond_resched();
	}
	return ret ?: n;
}

/*
 * All CPUs are in their stopper threads with interrupts off. Those threads are
 * the only tasks on a CPU; what they run is not looked at.
 */
static int check_and_switch(void *unused)
{
	int ret = READ_ONCE(klpx_tr.set->lost_forks) ? -ENOMEM : 0;
	u64 start_ns = ktime_get_mono_fast_ns();
	struct klpx_entry *entry;
	long n = 0;

	llist_for_each_entry(entry, klpx_tr.set->on_cpu.first, on_cpu) {
		struct task_struct *task = entry->task;

		n++;
		if (READ_ONCE(task->on_cpu) || klpx_task_dead(task))
			continue;
		if (entry->switches == count_switches(task))
			continue;
		if (!check_stack(entry, task))
			ret = -EBUSY;
	}
	if (!ret)
		WRITE_ONCE(klpx_tr.set->switched_all, 1);
	klpx_count_max(KLPX_STAT_STOPPED_MAX_TASKS, n);
	klpx_count_max(KLPX_STAT_STOPPED_MAX_NS,
		       ktime_get_mono_fast_ns() - start_ns);
	return ret;
}

/* Functions of one task that are named. */
#define KLPX_NAMED_MAX 16

struct named {
	const void *owners[KLPX_NAMED_MAX];
	int n;
};

static int find_named_functions(struct task_struct *task, void *arg)
{
	struct named *named = arg;

	if (has_no_stack(task))
		return 0;
	named->n = klpx_stack_owners(task, &klpx_tr.unsafe, named->owners,
				     KLPX_NAMED_MAX);
	return 0;
}

/* What it was in, if it has left that meanwhile. */
static void name_functions(const struct klpx_entry *entry, struct named *named)
{
	int i;

	named->n = 0;
	klpx_sym_task_call_func(entry->task, find_named_functions, named);
	if (named->n <= 0) {
		named->owners[0] = entry->func;
		named->n = 1;
	}
	for (i = 0; i < named->n; i++) {
		const struct klpx_lfunc *func = named->owners[i];

		pr_err("'%s': " KLPX_TASK_FMT " is in function '%s'\n",
		       klpx_tr.patch->name,
		       klpx_task_args(entry->task, entry->tid),
		       func ? func->old_name : KLPX_PATCH_CODE);
	}
}

static void name_blockers(void)
{
	struct klpx_entry *entry;
	struct named named;

	list_for_each_entry(entry, &klpx_tr.set->all, all) {
		if (entry->reason == KLPX_ON_FUNCTION)
			name_functions(entry, &named);
		else if (entry->reason == KLPX_UNRELIABLE_STACK)
			pr_err("'%s': the stack of " KLPX_TASK_FMT " cannot be read\n",
			       klpx_tr.patch->name,
			       klpx_task_args(entry->task, entry->tid));
		cond_resched();
	}
}

/*
 * A task whose exit could not be remembered, because there was no memory, can
 * be in what goes and have no entry. worker.c waits until those are gone; here
 * it is refused.
 */
static int check_exits(void)
{
	if (klpx_exiting_are_gone(klpx_tr.set->missed_exits))
		return 0;
	pr_err("'%s': no memory: not all exiting tasks are known yet\n",
	       klpx_tr.patch->name);
	return -EBUSY;
}

static int check_all_tasks(void)
{
	long few = KLPX_STOP_FEW + num_online_cpus(), n = LONG_MAX;
	int round, ret;

	ret = check_exits();
	if (ret)
		return ret;
	klpx_unsafe_fill(&klpx_tr.unsafe, klpx_tr.patch);
	/*
	 * No CPU is in a context switch that the hook does not see: interrupts
	 * are off in one until after the hook.
	 */
	klpx_sync_readers();
	ret = check_while_running();
	for (round = 0; !ret && n > few && round < KLPX_STOP_ROUNDS; round++) {
		n = check_listed();
		if (n < 0)
			ret = n;
	}
	return ret;
}

static int report_result(int ret)
{
	if (ret && !klpx_tr.patch->named_in_way)
		name_blockers();
	return ret;
}

int klpx_stop_check(void)
{
	lockdep_assert_held(&klpx_mutex);
	return report_result(check_all_tasks());
}

int klpx_stop_switch(void)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	ret = check_all_tasks();
	if (!ret)
		ret = stop_machine(check_and_switch, NULL, NULL);
	return report_result(ret);
}
