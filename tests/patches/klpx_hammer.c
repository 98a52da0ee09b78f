// SPDX-License-Identifier: GPL-2.0
/*
 * Calls klpx_hammer_target() all the time, from a kernel thread on each CPU but
 * the first, and checks every value that it returns: 0 from the original, 1 or
 * 2 from a patch. Only values in the mask `allowed` are valid; in a transition
 * a thread must not see a value again after it has seen the next one.
 */

#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include "klpx_hammer.h"

/* Calls between two checks whether another task needs the CPU. */
#define CALLS_AT_A_TIME 64

static unsigned int allowed = 1;
module_param(allowed, uint, 0644);
MODULE_PARM_DESC(allowed, "bit N: the value N is valid");
static ulong calls;
module_param(calls, ulong, 0444);
static ulong wrong;
module_param(wrong, ulong, 0444);
static ulong went_back;
module_param(went_back, ulong, 0444);

static struct task_struct *threads[NR_CPUS];

noinline unsigned int klpx_hammer_target(unsigned int x)
{
	barrier();
	return x;
}

static int hammer(void *unused)
{
	unsigned int value, last = 0, changes = 0, mask = 0;

	while (!kthread_should_stop()) {
		unsigned int i, may = READ_ONCE(allowed);

		/* A new phase of the test: start counting changes again. */
		if (may != mask) {
			mask = may;
			changes = 0;
		}
		for (i = 0; i < CALLS_AT_A_TIME; i++) {
			value = klpx_hammer_target(0);
			if (READ_ONCE(allowed) != may)
				break;
			if (!(may & BIT(value)))
				wrong++;
			/* Once in a transition, never outside of one. */
			if (value != last && ++changes > 1)
				went_back++;
			last = value;
		}
		calls += i;
		/* With full preemption cond_resched() tells RCU-tasks nothing. */
		cond_resched_tasks_rcu_qs();
	}
	return 0;
}

static void stop(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (threads[cpu])
			kthread_stop(threads[cpu]);
}

static int __init hammer_init(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct task_struct *thread;

		if (cpu == cpumask_first(cpu_online_mask))
			continue;
		thread = kthread_create_on_cpu(hammer, NULL, cpu, "hammer/%u");
		if (IS_ERR(thread)) {
			stop();
			return PTR_ERR(thread);
		}
		threads[cpu] = thread;
		wake_up_process(thread);
	}
	return 0;
}

static void __exit hammer_exit(void)
{
	stop();
}

module_init(hammer_init);
module_exit(hammer_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
