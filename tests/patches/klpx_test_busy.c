// SPDX-License-Identifier: GPL-2.0
/*
 * A real-time kernel thread on CPU 1 that handles its interrupts with
 * preemption off, except for an instant every millisecond, like a task that
 * runs a virtual machine (guest=1: marked as one) or polls a device. In that
 * instant it yields the CPU to tasks of higher priority, but to no task of the
 * fair class.
 */

#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

static bool guest;
module_param(guest, bool, 0);

static struct task_struct *thread;

static int busy(void *unused)
{
	while (!kthread_should_stop()) {
		preempt_disable();
		if (guest)
			current->flags |= PF_VCPU;
		udelay(950);
		current->flags &= ~PF_VCPU;
		preempt_enable();
		cond_resched();
	}
	return 0;
}

static int __init busy_init(void)
{
	thread = kthread_create_on_cpu(busy, NULL, 1, "klpx_busy/%u");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	sched_set_fifo(thread);
	wake_up_process(thread);
	return 0;
}

static void __exit busy_exit(void)
{
	kthread_stop(thread);
}
module_init(busy_init);
module_exit(busy_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
