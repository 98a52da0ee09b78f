// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/module/klpx/stats: a file for each counter, and for what recent.c
 * remembers. Largest values begin anew when a 0 is written.
 */
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/sysfs.h>

#include <klpx/abi.h>

#include "counters.h"
#include "policy.h"
#include "recent.h"
#include "stats.h"

struct stat_attribute {
	struct kobj_attribute attr;
	enum klpx_stat stat;
};

static ssize_t stat_show(struct kobject *kobj, struct kobj_attribute *attr,
			 char *buf)
{
	struct stat_attribute *stat =
		container_of(attr, struct stat_attribute, attr);

	return sysfs_emit(buf, "%ld\n",
			  atomic_long_read(&klpx_stats[stat->stat]));
}

static ssize_t stat_store(struct kobject *kobj, struct kobj_attribute *attr,
			  const char *buf, size_t count)
{
	struct stat_attribute *stat =
		container_of(attr, struct stat_attribute, attr);
	unsigned int zero;

	if (kstrtouint(buf, 10, &zero) || zero)
		return -EINVAL;
	atomic_long_set(&klpx_stats[stat->stat], 0);
	return count;
}

static ssize_t abi_show(struct kobject *kobj, struct kobj_attribute *attr,
			char *buf)
{
	return sysfs_emit(buf, "%d\n", KLPX_ABI_VERSION);
}

static struct kobj_attribute abi_attr = __ATTR_RO(abi);

static ssize_t recent_show(struct kobject *kobj, struct kobj_attribute *attr,
			   char *buf)
{
	return klpx_recent_show(buf);
}

static struct kobj_attribute recent_attr = __ATTR_RO(recent);

static ssize_t policy_show(struct kobject *kobj, struct kobj_attribute *attr,
			   char *buf)
{
	return klpx_policy_show(buf);
}

static struct kobj_attribute policy_attr = __ATTR_RO(policy);

#define STAT_MAX(_name, _stat)						\
	[_stat] = {							\
		.attr = __ATTR(_name, 0644, stat_show, stat_store),	\
		.stat = _stat,						\
	}

#define STAT(_name, _stat)						\
	[_stat] = {							\
		.attr = __ATTR(_name, 0444, stat_show, NULL),		\
		.stat = _stat,						\
	}

static struct stat_attribute stat_attrs[KLPX_STATS] = {
	STAT(transitions, KLPX_STAT_TRANSITIONS),
	STAT(reversals, KLPX_STAT_REVERSALS),
	STAT(passes, KLPX_STAT_PASSES),
	STAT(timer_retries, KLPX_STAT_TIMER_RETRIES),
	STAT(tasks_checked, KLPX_STAT_TASKS_CHECKED),
	STAT(switched_asleep, KLPX_STAT_SWITCHED_ASLEEP),
	STAT(switched_kernel_exit, KLPX_STAT_SWITCHED_KERNEL_EXIT),
	STAT(switched_context_switch, KLPX_STAT_SWITCHED_CONTEXT_SWITCH),
	STAT(switched_idle, KLPX_STAT_SWITCHED_IDLE),
	STAT(switched_exited, KLPX_STAT_SWITCHED_EXITED),
	STAT(switched_forced, KLPX_STAT_SWITCHED_FORCED),
	STAT(signals, KLPX_STAT_SIGNALS),
	STAT(forks_inherited, KLPX_STAT_FORKS_INHERITED),
	STAT(fork_entries_lost, KLPX_STAT_FORK_ENTRIES_LOST),
	STAT(exits_untracked, KLPX_STAT_EXITS_UNTRACKED),
	STAT(entries, KLPX_STAT_ENTRIES),
	STAT(cpu_syncs, KLPX_STAT_CPU_SYNCS),
	STAT(cpu_sync_rounds, KLPX_STAT_CPU_SYNC_ROUNDS),
	STAT(cpu_sync_stops, KLPX_STAT_CPU_SYNC_STOPS),
	STAT(fastpath_functions, KLPX_STAT_FASTPATH_FUNCTIONS),
	STAT(fastpath_promoted, KLPX_STAT_FASTPATH_PROMOTED),
	STAT(fastpath_refused, KLPX_STAT_FASTPATH_REFUSED),
	STAT(fastpath_cooled, KLPX_STAT_FASTPATH_COOLED),
	STAT(fastpath_leaving, KLPX_STAT_FASTPATH_LEAVING),
	STAT(stubs_recycled, KLPX_STAT_STUBS_RECYCLED),
	STAT(policy_asked, KLPX_STAT_POLICY_ASKED),
	STAT(policy_kicks, KLPX_STAT_POLICY_KICKS),
	STAT(policy_left, KLPX_STAT_POLICY_LEFT),
	STAT_MAX(lock_waited_max_ns, KLPX_STAT_LOCK_WAITED_MAX_NS),
	STAT_MAX(lock_held_max_ns, KLPX_STAT_LOCK_HELD_MAX_NS),
	STAT_MAX(irqs_off_max_steps, KLPX_STAT_IRQS_OFF_MAX_STEPS),
	STAT_MAX(stopped_max_ns, KLPX_STAT_STOPPED_MAX_NS),
	STAT_MAX(stopped_max_tasks, KLPX_STAT_STOPPED_MAX_TASKS),
};

/* Behind the counters abi, policy, recent and the final NULL. */
static struct attribute *attrs[KLPX_STATS + 4];
static const struct attribute_group group = { .attrs = attrs };
static struct kobject *stats_kobj;

int klpx_stats_init(void)
{
	int i, ret;

	for (i = 0; i < KLPX_STATS; i++) {
		sysfs_attr_init(&stat_attrs[i].attr.attr);
		attrs[i] = &stat_attrs[i].attr.attr;
	}
	attrs[KLPX_STATS] = &abi_attr.attr;
	attrs[KLPX_STATS + 1] = &policy_attr.attr;
	attrs[KLPX_STATS + 2] = &recent_attr.attr;

	stats_kobj = kobject_create_and_add("stats", &THIS_MODULE->mkobj.kobj);
	if (!stats_kobj)
		return -ENOMEM;

	ret = sysfs_create_group(stats_kobj, &group);
	if (ret)
		kobject_put(stats_kobj);
	return ret;
}

void klpx_stats_recent_changed(void)
{
	sysfs_notify(stats_kobj, NULL, "recent");
}

void klpx_stats_exit(void)
{
	kobject_put(stats_kobj);
}
