// SPDX-License-Identifier: GPL-2.0
/*
 * Making a task, or a CPU, pass a place where tasks are switched; see kick.h.
 */
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

#include "kick.h"
#include "symbols.h"

/* To run it on a CPU, the task that runs there has to give the CPU up. */
static DEFINE_PER_CPU(struct work_struct, klpx_kick_work);

static void kick_work_fn(struct work_struct *work)
{
}

void klpx_kick_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		INIT_WORK(per_cpu_ptr(&klpx_kick_work, cpu), kick_work_fn);
}

void klpx_kick_exit(void)
{
	int cpu;

	/* Work that never got its CPU is taken off the queue. */
	for_each_possible_cpu(cpu)
		cancel_work_sync(per_cpu_ptr(&klpx_kick_work, cpu));
}

void klpx_fake_signal(struct task_struct *task)
{
	/* set_notify_signal(), whose wake_up_state() is not exported. */
	if (task->flags & PF_KTHREAD)
		klpx_sym_wake_up_state(task, TASK_INTERRUPTIBLE);
	else if (!test_and_set_tsk_thread_flag(task, TIF_NOTIFY_SIGNAL) &&
		 !klpx_sym_wake_up_state(task, TASK_INTERRUPTIBLE))
		kick_process(task);
}

void klpx_kick_cpu(int cpu)
{
	if (cpu_online(cpu))
		queue_work_on(cpu, system_highpri_wq,
			      per_cpu_ptr(&klpx_kick_work, cpu));
}
