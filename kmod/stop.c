// SPDX-License-Identifier: GPL-2.0
/*
 * Switching all tasks in one stop_machine().
 *
 * The long part comes first, with the machine running: each task that is off
 * its CPU is looked at and the number of its context switches remembered.
 * While the machine stands still only those are looked at that have run since
 * (or were running), which are few.
 *
 * The switch itself is one store, to klpx_set.flip, which klpx_task_side()
 * reads: even an NMI on another CPU finds all functions of the patch old, or
 * all of them new.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/sched.h>
#include <linux/stop_machine.h>

#include "exiting.h"
#include "forbidden.h"
#include "stop.h"
#include "symbols.h"
#include "transition_state.h"

/* No task has switched that often. A task that never ran has 0 and is clean. */
#define KLPX_NEVER_CHECKED	ULONG_MAX

static unsigned long count_switches(const struct task_struct *task)
{
	return READ_ONCE(task->nvcsw) + READ_ONCE(task->nivcsw);
}

static bool look_at(struct klpx_entry *entry, struct task_struct *task)
{
	const void *owner = NULL;
	int ret;

	ret = klpx_stack_check(task, &klpx_tr.forbidden, &owner);
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

/* task_call_func() holds the task where it is. */
static int look_at_held(struct task_struct *task, void *arg)
{
	struct klpx_entry *entry = arg;

	entry->switches = KLPX_NEVER_CHECKED;
	if (has_no_stack(task))
		return 0;
	if (!look_at(entry, task))
		return -EBUSY;
	entry->switches = count_switches(task);
	return 0;
}

static int look_while_running(void)
{
	struct klpx_entry *entry;
	int ret = 0;

	/* Forks go in front of what is walked here, and are looked at later. */
	list_for_each_entry(entry, &klpx_tr.set->all, all) {
		if (klpx_sym_task_call_func(entry->task, look_at_held, entry))
			ret = -EBUSY;
		cond_resched();
	}
	return ret;
}

/*
 * All CPUs are in their stopper threads with interrupts off. Those threads are
 * the only tasks on a CPU; what they run is not looked at.
 */
static int look_and_flip(void *unused)
{
	struct klpx_entry *entry;
	int ret = READ_ONCE(klpx_tr.set->lost_forks) ? -ENOMEM : 0;

	list_for_each_entry(entry, &klpx_tr.set->all, all) {
		struct task_struct *task = entry->task;

		if (READ_ONCE(task->on_cpu) || klpx_task_dead(task))
			continue;
		if (entry->switches == count_switches(task))
			continue;
		if (!look_at(entry, task))
			ret = -EBUSY;
	}
	if (!ret)
		WRITE_ONCE(klpx_tr.set->flip, 1);
	return ret;
}

/* Functions of one task that are named. */
#define KLPX_NAMED_MAX 16

struct named {
	const void *owners[KLPX_NAMED_MAX];
	int n;
};

static int find_named(struct task_struct *task, void *arg)
{
	struct named *named = arg;

	if (has_no_stack(task))
		return 0;
	named->n = klpx_stack_owners(task, &klpx_tr.forbidden, named->owners,
				     KLPX_NAMED_MAX);
	return 0;
}

/* What it was in, if it has left that meanwhile. */
static void name_functions(const struct klpx_entry *entry, struct named *named)
{
	int i;

	named->n = 0;
	klpx_sym_task_call_func(entry->task, find_named, named);
	if (named->n <= 0) {
		named->owners[0] = entry->func;
		named->n = 1;
	}
	for (i = 0; i < named->n; i++) {
		const struct klpx_lfunc *func = named->owners[i];

		pr_err("'%s': task %s:%u is in function '%s'\n",
		       klpx_tr.patch->name, entry->task->comm, entry->tid,
		       func ? func->old_name : "[code of a patch module]");
	}
}

static void name_those_in_the_way(void)
{
	struct klpx_entry *entry;
	struct named named;

	list_for_each_entry(entry, &klpx_tr.set->all, all) {
		if (entry->reason == KLPX_ON_FUNCTION)
			name_functions(entry, &named);
		else if (entry->reason == KLPX_UNRELIABLE_STACK)
			pr_err("'%s': the stack of task %s:%u cannot be read\n",
			       klpx_tr.patch->name, entry->task->comm,
			       entry->tid);
		cond_resched();
	}
}

/*
 * A task whose exit could not be remembered for want of memory can be in what
 * goes and have no entry. pass.c waits until those are gone; here nobody waits.
 */
static int check_exits(void)
{
	if (klpx_exiting_are_gone(klpx_tr.set->missed_exits))
		return 0;
	pr_err("'%s': for want of memory, not all exiting tasks are known yet\n",
	       klpx_tr.patch->name);
	return -EBUSY;
}

int klpx_stop_switch(void)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	ret = check_exits();
	if (ret)
		return ret;
	klpx_forbidden_fill(&klpx_tr.forbidden, klpx_tr.patch);
	ret = look_while_running();
	if (!ret)
		ret = stop_machine(look_and_flip, NULL, NULL);
	if (ret)
		name_those_in_the_way();
	return ret;
}
