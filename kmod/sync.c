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
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#include "registry.h"
#include "stats.h"
#include "sync.h"

/* Between tries; doubles. */
#define KLPX_SYNC_MIN_US	20
#define KLPX_SYNC_MAX_US	1000
/* Tries before the scheduler is asked as well. */
#define KLPX_SYNC_TRIES		16

/*
 * The second proof, for a CPU whose interrupts all come with preemption off (it
 * runs a virtual machine, or polls a network card): a work item that has had
 * its turn there. And the only one on kernels without a preemption count.
 */
struct sync_work {
	struct work_struct work;
	bool done;
};

static DEFINE_PER_CPU(struct sync_work, sync_works);

static void sync_work_fn(struct work_struct *work)
{
	struct sync_work *sync = container_of(work, struct sync_work, work);

	/* Pairs with smp_load_acquire() in try_each(). */
	smp_store_release(&sync->done, true);
}

/* For klpx_sync_tasks(). */
static DEFINE_PER_CPU(struct work_struct, turn_works);

static void turn_fn(struct work_struct *work)
{
}

void klpx_sync_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		INIT_WORK(&per_cpu_ptr(&sync_works, cpu)->work, sync_work_fn);
		INIT_WORK(per_cpu_ptr(&turn_works, cpu), turn_fn);
	}
}

void klpx_sync_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		cancel_work_sync(&per_cpu_ptr(&sync_works, cpu)->work);
}

/* One still queued from an earlier call serves as well: it runs after now. */
static void ask_scheduler(const struct cpumask *left)
{
	int cpu;

	for_each_cpu(cpu, left) {
		struct sync_work *sync = per_cpu_ptr(&sync_works, cpu);

		WRITE_ONCE(sync->done, false);
		queue_work_on(cpu, system_highpri_wq, &sync->work);
	}
}

static void is_quiescent(void *arg)
{
	bool *quiet = arg;
	/* The idle task lives with preemption off. */
	int base = is_idle_task(current) ? 1 : 0;

	/*
	 * Not in an interrupt: the local CPU, or a CPU that drains its queue
	 * of calls from its idle loop or stopper. Neither is one of ours.
	 */
	*quiet = !in_hardirq() || (IS_ENABLED(CONFIG_PREEMPT_COUNT) &&
				   preempt_count() - HARDIRQ_OFFSET == base);
}

static void try_each(struct cpumask *left)
{
	int cpu;

	for_each_cpu(cpu, left) {
		bool quiet = false;

		smp_call_function_single(cpu, is_quiescent, &quiet, 1);
		if (quiet || smp_load_acquire(&per_cpu_ptr(&sync_works,
							   cpu)->done))
			cpumask_clear_cpu(cpu, left);
	}
}

void klpx_sync_cpus(void)
{
	static struct cpumask left;	/* guarded by klpx_mutex */
	unsigned int delay_us = KLPX_SYNC_MIN_US, tries;
	int cpu;

	lockdep_assert_held(&klpx_mutex);
	klpx_count(KLPX_STAT_CPU_SYNCS);

	for_each_possible_cpu(cpu)
		WRITE_ONCE(per_cpu_ptr(&sync_works, cpu)->done, false);

	cpus_read_lock();
	cpumask_copy(&left, cpu_online_mask);
	for (tries = 0;; tries++) {
		if (tries == KLPX_SYNC_TRIES)
			ask_scheduler(&left);
		try_each(&left);
		if (cpumask_empty(&left))
			break;
		usleep_range(delay_us, 2 * delay_us);
		delay_us = min_t(unsigned int, 2 * delay_us, KLPX_SYNC_MAX_US);
	}
	cpus_read_unlock();
}

/*
 * RCU-tasks waits for all but the idle tasks. Those leave for a work item, and
 * are never preempted where they are.
 */
void klpx_sync_tasks(void)
{
	int cpu;

	synchronize_rcu_tasks();

	cpus_read_lock();
	for_each_online_cpu(cpu)
		queue_work_on(cpu, system_wq, per_cpu_ptr(&turn_works, cpu));
	cpus_read_unlock();

	/* A CPU that goes offline has left its idle loop and the work to another. */
	for_each_possible_cpu(cpu)
		flush_work(per_cpu_ptr(&turn_works, cpu));
}
