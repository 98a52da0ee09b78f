// SPDX-License-Identifier: GPL-2.0
/*
 * klpx_sync_cpus(): per-CPU synchronisation with everything that runs with
 * preemption off.
 *
 * The kernel's livepatch runs a work item on each CPU; that waits for a turn
 * of a kworker and starves behind a SCHED_FIFO hog or a kernel thread that
 * never yields. An interrupt gets through in both cases. It looks at what it
 * interrupted: if preemption was on there, the CPU is in no section that began
 * earlier, because such a section would still hold preemption off.
 *
 * Barriers: sending an IPI and waiting for its answer orders all that the
 * caller wrote before against all that the CPU reads after, and the other way
 * round. klpx_redirect_handler(), the hooks in hooks.c and
 * klpx_task_verdict() are the readers that rely on it.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#include "registry.h"
#include "stats.h"
#include "sync.h"

#define KLPX_SYNC_RETRY_US	20

#ifdef CONFIG_PREEMPT_COUNT

static void is_quiescent(void *arg)
{
	bool *quiet = arg;
	/* The idle task lives with preemption off. */
	int base = is_idle_task(current) ? 1 : 0;

	/*
	 * Not in an interrupt: the local CPU, or a CPU that drains its queue
	 * of calls from its idle loop or stopper. Neither is one of ours.
	 */
	*quiet = !in_hardirq() || preempt_count() - HARDIRQ_OFFSET == base;
}

static void sync_cpus_once(struct cpumask *left)
{
	int cpu;

	for_each_cpu(cpu, left) {
		bool quiet = false;

		smp_call_function_single(cpu, is_quiescent, &quiet, 1);
		if (quiet)
			cpumask_clear_cpu(cpu, left);
	}
}

#else /* no PREEMPT_COUNT: ask the scheduler, as the kernel's livepatch does */

static void nothing(struct work_struct *work)
{
}

static DEFINE_PER_CPU(struct work_struct, klpx_sync_work);

static void sync_cpus_once(struct cpumask *left)
{
	int cpu;

	for_each_cpu(cpu, left) {
		struct work_struct *work = per_cpu_ptr(&klpx_sync_work, cpu);

		INIT_WORK(work, nothing);
		queue_work_on(cpu, system_highpri_wq, work);
	}
	for_each_cpu(cpu, left)
		flush_work(per_cpu_ptr(&klpx_sync_work, cpu));
	cpumask_clear(left);
}

#endif

void klpx_sync_cpus(void)
{
	static struct cpumask left;	/* guarded by klpx_mutex */

	lockdep_assert_held(&klpx_mutex);
	klpx_count(KLPX_STAT_CPU_SYNCS);

	cpus_read_lock();
	cpumask_copy(&left, cpu_online_mask);
	for (;;) {
		sync_cpus_once(&left);
		if (cpumask_empty(&left))
			break;
		usleep_range(KLPX_SYNC_RETRY_US, 2 * KLPX_SYNC_RETRY_US);
	}
	cpus_read_unlock();
}
