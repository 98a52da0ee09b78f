// SPDX-License-Identifier: GPL-2.0
/* Making a task, or a CPU, come by a place where tasks are switched. */
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

#include "nudge.h"
#include "symbols.h"

/* Its turn on a CPU makes whatever runs there give the CPU up. */
static DEFINE_PER_CPU(struct work_struct, klpx_nudge_work);

static void nudge_work_fn(struct work_struct *work)
{
}

void klpx_nudge_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		INIT_WORK(per_cpu_ptr(&klpx_nudge_work, cpu), nudge_work_fn);
}

void klpx_nudge_exit(void)
{
	int cpu;

	/* One that never got its CPU is taken off the queue. */
	for_each_possible_cpu(cpu)
		cancel_work_sync(per_cpu_ptr(&klpx_nudge_work, cpu));
}

void klpx_nudge_task(struct task_struct *task)
{
	/* set_notify_signal(), whose wake_up_state() is not exported. */
	if (task->flags & PF_KTHREAD)
		klpx_sym_wake_up_state(task, TASK_INTERRUPTIBLE);
	else if (!test_and_set_tsk_thread_flag(task, TIF_NOTIFY_SIGNAL) &&
		 !klpx_sym_wake_up_state(task, TASK_INTERRUPTIBLE))
		kick_process(task);
}

void klpx_nudge_cpu(int cpu)
{
	if (cpu_online(cpu))
		queue_work_on(cpu, system_highpri_wq,
			      per_cpu_ptr(&klpx_nudge_work, cpu));
}
