// SPDX-License-Identifier: GPL-2.0
/*
 * Finding every task of the machine, so that none that may be inside a patched
 * function is missed: those with a tid, the idle tasks, those on their way out.
 * tasklist_lock is not taken; forks go on meanwhile and add themselves.
 */
#include <linux/cpumask.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/task.h>

#include "all_tasks.h"
#include "exiting.h"
#include "lock.h"
#include "symbols.h"
#include "sync.h"

/* Tasks looked up under one rcu_read_lock(). */
#define KLPX_ADD_BATCH	64

unsigned long klpx_count_tasks(void)
{
	struct pid *pid;
	unsigned long n = 0;
	int nr = 1;

	do {
		unsigned int batch = 0;

		rcu_read_lock();
		while (batch++ < KLPX_ADD_BATCH &&
		       (pid = find_ge_pid(nr, &init_pid_ns))) {
			nr = pid_nr(pid) + 1;
			n++;
		}
		rcu_read_unlock();
		cond_resched();
	} while (pid);

	return n + num_possible_cpus();
}

/*
 * Every task with a tid, in the order of tids. A task that gets its tid behind
 * our back, below @nr, is forked after the hook was armed, and added there:
 * copy_process() attaches the tid before it fires task_newtask.
 */
static int add_tasks_by_tid(struct klpx_set *set)
{
	struct task_struct *tasks[KLPX_ADD_BATCH];
	struct pid *pid;
	int nr = 1, ret = 0;

	do {
		unsigned int i, n = 0, looked = 0;

		rcu_read_lock();
		while (looked++ < KLPX_ADD_BATCH &&
		       (pid = find_ge_pid(nr, &init_pid_ns))) {
			struct task_struct *task = pid_task(pid, PIDTYPE_PID);

			nr = pid_nr(pid) + 1;
			if (task)
				tasks[n++] = get_task_struct(task);
		}
		rcu_read_unlock();

		for (i = 0; i < n; i++) {
			if (!ret)
				ret = klpx_pending_add(set, tasks[i], -1);
			put_task_struct(tasks[i]);
		}
		cond_resched();
	} while (pid && !ret);

	return ret;
}

static int add_exiting_task(struct task_struct *task, void *set)
{
	return klpx_pending_add(set, task, -1);
}

int klpx_add_all_tasks(struct klpx_set *set)
{
	unsigned long flags;
	int cpu, ret;

	lockdep_assert_held(&klpx_mutex);

	/*
	 * From here on every fork is added by klpx_pending_fork(), whatever its
	 * parent. A hook that still read the old value is a reader that began
	 * after its child got its tid: wait for it, then the walk finds the
	 * child.
	 */
	raw_spin_lock_irqsave(&set->lock, flags);
	WRITE_ONCE(set->adding_all, true);
	set->lost_forks = false;
	raw_spin_unlock_irqrestore(&set->lock, flags);
	klpx_sync_readers();

	/*
	 * Twice: when a thread that is not the leader calls exec, it takes the
	 * leader's tid, and so can slip past one walk. No task does so twice.
	 */
	ret = add_tasks_by_tid(set);
	if (!ret)
		ret = add_tasks_by_tid(set);
	for_each_possible_cpu(cpu)
		if (!ret)
			ret = klpx_pending_add(set, klpx_sym_idle_task(cpu),
					       cpu);
	/*
	 * Last: a task that lost its tid during the walk was on this list by
	 * then (it is put there before it loses it).
	 */
	if (!ret)
		ret = klpx_exiting_for_each(add_exiting_task, set);
	/*
	 * A task that could not be put on it, and was not found by its tid, was
	 * counted before it lost its tid. A task that is counted from now on
	 * has an entry.
	 */
	set->missed_exits = klpx_exiting_missed();
	if (!ret)
		return 0;

	raw_spin_lock_irqsave(&set->lock, flags);
	WRITE_ONCE(set->adding_all, false);
	raw_spin_unlock_irqrestore(&set->lock, flags);
	return ret;
}
