// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel thread that keeps a CPU busy for as long as the module is loaded;
 * with resched=1 it calls cond_resched() all the time, without it never.
 */

#include <linux/kthread.h>
#include <linux/module.h>

static bool resched;
module_param(resched, bool, 0444);

static struct task_struct *thread;

static int spin(void *unused)
{
	while (!kthread_should_stop()) {
		cpu_relax();
		if (resched)
			cond_resched();
	}
	return 0;
}

static int __init spinner_init(void)
{
	thread = kthread_run(spin, NULL, "klpx_spinner");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit spinner_exit(void)
{
	kthread_stop(thread);
}

module_init(spinner_init);
module_exit(spinner_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
