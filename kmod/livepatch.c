// SPDX-License-Identifier: GPL-2.0
/*
 * Fake signals and kicks for transitions of the kernel's own livepatch.
 *
 * The kernel sets TIF_PATCH_PENDING on every task that has to be switched, the
 * idle ones included, and clears it when it has been. We read this flag and
 * nothing else of that engine, whose lock and target are its own. So after we
 * have read it the task may be switched, and the transition end or be reversed,
 * before we kick: then the kick was not needed, and does no harm, like one of
 * the fake signals that the kernel sends every 15 s.
 */
#include <linux/cpu.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched/task.h>
#include <linux/sysfs.h>

#include "adopt.h"
#include "kick.h"
#include "livepatch.h"
#include "symbols.h"

static struct kobject *livepatch_kobj;

static bool is_pending(struct task_struct *task)
{
	return test_tsk_thread_flag(task, TIF_PATCH_PENDING);
}

/* A reference on the thread with @tid in the initial PID namespace. */
static struct task_struct *get_thread(unsigned int tid)
{
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(find_pid_ns(tid, &init_pid_ns), PIDTYPE_PID);
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

static ssize_t livepatch_signal_store(struct kobject *kobj,
				      struct kobj_attribute *attr,
				      const char *buf, size_t count)
{
	struct task_struct *task;
	ssize_t ret = -ESRCH;
	unsigned int tid;

	/* One errno for all that is not a tid, too large included. */
	if (kstrtouint(buf, 10, &tid))
		return -EINVAL;
	task = get_thread(tid);
	if (!task)
		return -ESRCH;
	if (is_pending(task)) {
		klpx_fake_signal(task);
		ret = count;
	}
	put_task_struct(task);
	return ret;
}

static ssize_t kick_cpu_store(struct kobject *kobj, struct kobj_attribute *attr,
			      const char *buf, size_t count)
{
	ssize_t ret = -ESRCH;
	unsigned int cpu;

	if (kstrtouint(buf, 10, &cpu) || cpu >= nr_cpu_ids)
		return -EINVAL;
	cpus_read_lock();
	if (cpu_online(cpu) && is_pending(klpx_sym_idle_task(cpu))) {
		klpx_kick_cpu(cpu);
		ret = count;
	}
	cpus_read_unlock();
	return ret;
}

static struct kobj_attribute signal_task_attr =
	__ATTR(signal_task, 0200, NULL, livepatch_signal_store);
static struct kobj_attribute kick_cpu_attr =
	__ATTR(kick_cpu, 0200, NULL, kick_cpu_store);

static struct attribute *attrs[] = {
	&signal_task_attr.attr,
	&kick_cpu_attr.attr,
	NULL
};
static const struct attribute_group group = { .attrs = attrs };

static const struct attribute_group *groups[] = {
	&group, &klpx_adopt_group, NULL
};

int klpx_livepatch_init(void)
{
	int ret;

	livepatch_kobj = kobject_create_and_add("livepatch",
						&THIS_MODULE->mkobj.kobj);
	if (!livepatch_kobj)
		return -ENOMEM;
	ret = sysfs_create_groups(livepatch_kobj, groups);
	if (ret)
		kobject_put(livepatch_kobj);
	return ret;
}

/* Waits for readers and stores that are in one of the files. */
void klpx_livepatch_exit(void)
{
	kobject_put(livepatch_kobj);
}
