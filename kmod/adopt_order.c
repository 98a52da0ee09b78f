// SPDX-License-Identifier: GPL-2.0
/* Orders for one module; see adopt_order.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <klpx/abi.h>

#include "adopt_order.h"

/*
 * Guarded by order_lock, which no other lock is taken under: the reference on
 * .process is given back after it.
 */
static struct {
	struct pid *process;	/* NULL: no order */
	bool klpx;
	char module[KLPX_PATCH_NAME_LEN];
} order;
static DEFINE_SPINLOCK(order_lock);

/* The process of the order; the caller puts it after the unlock. */
static struct pid *take_process(void)
{
	struct pid *process = order.process;

	lockdep_assert_held(&order_lock);
	order.process = NULL;
	return process;
}

/* A zombie that is not reaped has died, although its id still has a task. */
static bool has_died(struct pid *process)
{
	const struct task_struct *task;
	bool dead;

	rcu_read_lock();
	task = pid_task(process, PIDTYPE_TGID);
	dead = !task || !atomic_read(&task->signal->live);
	rcu_read_unlock();
	return dead;
}

int klpx_order_parse(char *text, const char **module, bool *klpx)
{
	char *engine = strim(text);

	*module = NULL;
	*klpx = false;
	if (!*engine)
		return 0;
	*module = strreplace(strsep(&engine, " "), '-', '_');
	if (!engine || strlen(*module) >= KLPX_PATCH_NAME_LEN)
		return -EINVAL;
	*klpx = !strcmp(engine, "klpx");
	return *klpx || !strcmp(engine, "kernel") ? 0 : -EINVAL;
}

int klpx_order_give(const char *module, bool klpx)
{
	struct pid *current_process = task_tgid(current), *old = NULL;
	int ret = 0;

	spin_lock(&order_lock);
	if (order.process && order.process != current_process &&
	    !has_died(order.process)) {
		pr_err("engine_for: process %d has an order for '%s'\n",
		       pid_nr(order.process), order.module);
		ret = -EBUSY;
	} else {
		old = take_process();
		if (module) {
			order.process = get_pid(current_process);
			order.klpx = klpx;
			strscpy(order.module, module, sizeof(order.module));
		}
	}
	spin_unlock(&order_lock);
	put_pid(old);
	return ret;
}

bool klpx_order_take(const char *name, bool klpx)
{
	struct pid *old = NULL;

	spin_lock(&order_lock);
	if (order.process == task_tgid(current) && !strcmp(order.module, name)) {
		klpx = order.klpx;
		old = take_process();
	}
	spin_unlock(&order_lock);
	put_pid(old);
	return klpx;
}

bool klpx_order_is_for_klpx(void)
{
	bool is;

	spin_lock(&order_lock);
	is = order.process && order.klpx && !has_died(order.process);
	spin_unlock(&order_lock);
	return is;
}

ssize_t klpx_order_show(char *buf)
{
	ssize_t len = 0;

	spin_lock(&order_lock);
	if (order.process && !has_died(order.process))
		len = sysfs_emit(buf, "%s %s\n", order.module,
				 order.klpx ? "klpx" : "kernel");
	spin_unlock(&order_lock);
	return len;
}

void klpx_order_clear(void)
{
	struct pid *old;

	spin_lock(&order_lock);
	old = take_process();
	spin_unlock(&order_lock);
	put_pid(old);
}
