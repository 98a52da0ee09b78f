// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for the other CPUs: one interrupt to all that are left, in parallel,
 * each of which says for itself whether it is done; those that are not are
 * asked again. So the number of rounds does not grow with the number of CPUs,
 * and the time is that of the slowest one, not the sum.
 *
 * The kernel's livepatch runs a work item on each CPU; that waits for a turn
 * of a kworker and starves behind a SCHED_FIFO hog or a kernel thread that
 * never yields. An interrupt gets through in both cases.
 *
 * Barriers: sending an IPI and waiting for its answer orders all that the
 * caller wrote before against all that the CPU reads after, and the other way
 * round. klpx_redirect_handler(), the hooks in hooks.c,
 * klpx_switch_at_kernel_exit() and klpx_task_verdict() are the readers that
 * rely on it.
 *
 * CPUs that come and go: while a CPU is being brought up or taken down it runs
 * code, and so readers, without being in cpu_online_mask. cpus_read_lock()
 * keeps out both.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "counters.h"
#include "lock.h"
#include "symbols.h"
#include "sync.h"

/* Between rounds; doubles. */
#define KLPX_SYNC_MIN_US	20
#define KLPX_SYNC_MAX_US	1000
/* Rounds before the stopper, some 10 ms. */
#define KLPX_SYNC_ROUNDS	16

DEFINE_PER_CPU(unsigned int, klpx_readers);

/* CPUs that are left to be asked, and those that have said they are done. */
struct asked {
	struct cpumask left;
	struct cpumask done;
};

/* Sends an interrupt to all that are left; false when none is. */
static bool ask_cpus(struct asked *asked, smp_call_func_t note)
{
	klpx_count(KLPX_STAT_CPU_SYNC_ROUNDS);
	cpumask_clear(&asked->done);
	on_each_cpu_mask(&asked->left, note, &asked->done, true);
	return cpumask_andnot(&asked->left, &asked->left, &asked->done);
}

static unsigned int wait_longer(unsigned int delay_us)
{
	usleep_range(delay_us, 2 * delay_us);
	return min_t(unsigned int, 2 * delay_us, KLPX_SYNC_MAX_US);
}

/*
 * Preemption was on where the interrupt came: then this CPU is in no section
 * that began earlier, because such a section would still hold it off.
 *
 * Two kinds of task live with preemption off once, and in a section of another
 * twice: the idle task; and one that runs a virtual machine, which takes the
 * interrupt that ends the guest's turn before it switches preemption on again.
 * KVM has PF_VCPU set from guest_timing_enter_irqoff() to
 * guest_timing_exit_irqoff(), and around both exactly one preempt_disable()
 * (vcpu_enter_guest() of arch/x86/kvm/x86.c).
 */
static bool was_preemptible(void)
{
	/* One that died there has lost that count, and kept the flag. */
	int base = (is_idle_task(current) || (current->flags & PF_VCPU)) &&
		   !(current->flags & PF_EXITING);

	/*
	 * Not in an interrupt: the local CPU, or a CPU that drains its queue
	 * of calls from its idle loop or stopper. Those are in no section.
	 */
	return !in_hardirq() || (IS_ENABLED(CONFIG_PREEMPT_COUNT) &&
				 preempt_count() - HARDIRQ_OFFSET == base);
}

/*
 * In the interrupt, so the count is that of what it interrupted. A reader has
 * preemption off: where it is on, a count that is left is that of a task which
 * the kernel has ended in a reader, after an oops. No reader is there now.
 */
static void note_no_reader(void *done)
{
	if (raw_cpu_read(klpx_readers)) {
		if (!was_preemptible())
			return;
		raw_cpu_write(klpx_readers, 0);
		pr_err_once("a task has died in the engine's code; see the oops before this line\n");
	}
	cpumask_set_cpu(smp_processor_id(), done);
}

/*
 * It ends: an interrupt gets through to any task that ever has interrupts on,
 * and what it finds is a reader only if it came in the moment one takes. A
 * reader takes no lock that its writer holds and does not sleep, and a CPU that
 * calls patched functions in a loop is out of the handler in between. A task
 * that dies in one takes its count with it (on a kernel with a count of
 * preemption, as all have that can be preempted).
 */
void klpx_sync_readers(void)
{
	static struct asked asked;	/* guarded by klpx_mutex */
	unsigned int delay_us = KLPX_SYNC_MIN_US;

	lockdep_assert_held(&klpx_mutex);
	klpx_count(KLPX_STAT_CPU_SYNCS);

	cpus_read_lock();
	cpumask_copy(&asked.left, cpu_online_mask);
	while (ask_cpus(&asked, note_no_reader))
		delay_us = wait_longer(delay_us);
	cpus_read_unlock();
}

static void note_preemptible(void *done)
{
	if (was_preemptible())
		cpumask_set_cpu(smp_processor_id(), done);
}

/* That it runs is the point. */
static int run_on_stopper(void *unused)
{
	return 0;
}

/*
 * The last resort, for a CPU that takes all its interrupts with preemption off
 * (it polls a network card, it has no preemption count): its stopper, which
 * goes before tasks of every other class, real-time and deadline included. The
 * scheduler lets it in as soon as the section that is waited for has ended; if
 * it never does, that CPU is in the soft lockup the kernel's watchdog reports,
 * whose thread is the stopper too.
 *
 * A CPU that has gone offline meanwhile has been through its stopper.
 */
void klpx_sync_cpus(void)
{
	static DEFINE_MUTEX(mutex);
	static struct asked asked;	/* guarded by mutex */
	unsigned int delay_us = KLPX_SYNC_MIN_US, rounds = 0;
	int cpu;

	mutex_lock(&mutex);
	klpx_count(KLPX_STAT_CPU_SYNCS);

	cpus_read_lock();
	cpumask_copy(&asked.left, cpu_online_mask);
	while (ask_cpus(&asked, note_preemptible) && ++rounds < KLPX_SYNC_ROUNDS)
		delay_us = wait_longer(delay_us);
	cpus_read_unlock();

	for_each_cpu(cpu, &asked.left) {
		klpx_count(KLPX_STAT_CPU_SYNC_STOPS);
		klpx_sym_stop_one_cpu(cpu, run_on_stopper, NULL);
	}
	mutex_unlock(&mutex);
}

/*
 * RCU-tasks waits for all but the idle tasks. Those leave for the stopper, and
 * are never preempted where they are. A CPU that goes offline has left its idle
 * loop; one that comes begins it.
 */
void klpx_sync_tasks(void)
{
	int cpu;

	synchronize_rcu_tasks();
	for_each_online_cpu(cpu)
		klpx_sym_stop_one_cpu(cpu, run_on_stopper, NULL);
}
