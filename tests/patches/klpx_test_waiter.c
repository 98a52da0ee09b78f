// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel thread that sleeps in a vmlinux function for as long as the module
 * is loaded: wait_for_completion_interruptible(), or _killable() on request.
 */

#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>

static bool killable;
module_param(killable, bool, 0444);

static DECLARE_COMPLETION(stop);
static struct task_struct *thread;

static int waiter_body(void *unused)
{
	int err;

	err = killable ? wait_for_completion_killable(&stop) :
			 wait_for_completion_interruptible(&stop);
	return err ? -EINTR : 0; /* not a tail call: we are on the stack */
}

static int __init waiter_init(void)
{
	thread = kthread_create(waiter_body, NULL, "klpx_waiter");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	get_task_struct(thread);
	wake_up_process(thread);
	return 0;
}

static void __exit waiter_exit(void)
{
	complete_all(&stop);
	kthread_stop(thread);
	put_task_struct(thread);
}

module_init(waiter_init);
module_exit(waiter_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
