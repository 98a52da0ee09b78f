// SPDX-License-Identifier: GPL-2.0
/*
 * Calls klpx_hammer_target() all the time, from a kernel thread on each of the
 * CPUs but the first, and looks at every value that comes back: 0 from the
 * original, 1 or 2 from a patch. Those in the mask allowed may come; in a
 * transition, none may come back that the thread has already left behind.
 */

#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include "klpx_hammer.h"

/* Calls between two looks at whether somebody else wants the CPU. */
#define CALLS_AT_A_TIME 64

static unsigned int allowed = 1;
module_param(allowed, uint, 0644);
MODULE_PARM_DESC(allowed, "bit N: the value N may come");
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

		/* Another phase of the test: changes are counted anew. */
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
			/* Once in a transition, not at all outside of one. */
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
