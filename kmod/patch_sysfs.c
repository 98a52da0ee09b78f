// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes of a patch. Reads take no lock where they can: the value may be
 * stale by the time user space has it anyway, and klpx_mutex is held while a
 * patch's callbacks sleep. Stores take klpx_mutex, as long as their process is
 * not killed.
 *
 * A store that finds the patch disabled completely answers as docs/SYSFS.md
 * says. The record is still here, because the removal waits for the store; its
 * objects and functions may not be, and are not looked at (patch->node empty).
 */
#include <linux/kobject.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/sysfs.h>

#include <klpx/names.h>

#include "adopted.h"
#include "fastmode.h"
#include "muted.h"
#include "patch_sysfs.h"
#include "pending.h"
#include "promote.h"
#include "requests.h"
#include "transition_state.h"
#include "wake.h"

static struct klpx_lpatch *to_patch(struct kobject *kobj)
{
	return container_of(kobj, struct klpx_lpatch, kobj);
}

static ssize_t enabled_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	const struct klpx_lpatch *patch = to_patch(kobj);

	/* What evict.c takes back is being disabled, or is about to be. */
	return sysfs_emit(buf, "%d\n", READ_ONCE(patch->enabled) &&
					!READ_ONCE(patch->going));
}

static ssize_t enabled_store(struct kobject *kobj, struct kobj_attribute *attr,
			     const char *buf, size_t count)
{
	bool enabled;
	int ret;

	ret = kstrtobool(buf, &enabled);
	if (ret)
		return ret;

	if (!enabled) {
		ret = klpx_demote_ahead(to_patch(kobj)->desc);
		if (ret)
			return ret;
	}
	ret = klpx_lock_killable();
	if (ret)
		return ret;
	ret = klpx_set_enabled(to_patch(kobj), enabled);
	klpx_unlock();
	return ret ?: count;
}

static ssize_t transition_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", klpx_in_transition(to_patch(kobj)));
}

static ssize_t waits_for_init_show(struct kobject *kobj,
				   struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", klpx_waits_for_init(to_patch(kobj)));
}

static ssize_t replace_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%d\n", to_patch(kobj)->desc->replace);
}

static ssize_t replace_set_show(struct kobject *kobj,
				struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", to_patch(kobj)->desc->replace_set);
}

static ssize_t model_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%s\n", to_patch(kobj)->desc->model ==
				       KLPX_MODEL_STOP_MACHINE ?
			  "stop-machine" : "tasks");
}

static ssize_t stack_order_show(struct kobject *kobj,
				struct kobj_attribute *attr, char *buf)
{
	struct klpx_lpatch *patch;
	int order = 0, found = 0, ret;

	ret = klpx_lock_killable();
	if (ret)
		return ret;
	list_for_each_entry(patch, &klpx_patches, node) {
		order++;
		if (patch == to_patch(kobj))
			found = order;
	}
	klpx_unlock();
	return sysfs_emit(buf, "%d\n", found);
}

static ssize_t version_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%u\n", to_patch(kobj)->desc->version);
}

static ssize_t adopted_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%d\n", klpx_is_adopted(to_patch(kobj)));
}

static ssize_t forced_show(struct kobject *kobj, struct kobj_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_patch(kobj)->forced));
}

static ssize_t target_show(struct kobject *kobj, struct kobj_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  READ_ONCE(to_patch(kobj)->target) == KLPX_PATCHED ?
			  "patched" : "unpatched");
}

static ssize_t tasks_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%lu\n", READ_ONCE(to_patch(kobj)->tasks));
}

static ssize_t pending_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	long pending = 0;

	if (klpx_in_transition(to_patch(kobj)))
		pending = atomic_long_read(&klpx_nr_pending);
	return sysfs_emit(buf, "%ld\n", pending);
}

static ssize_t elapsed_ms_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	const struct klpx_lpatch *patch = to_patch(kobj);
	u64 started = READ_ONCE(patch->started_ns);
	u64 ended = READ_ONCE(patch->ended_ns);

	/* Another transition has begun in between: it has just begun. */
	ended = max(ended ?: ktime_get_ns(), started);
	return sysfs_emit(buf, "%llu\n",
			  div_u64(ended - started, NSEC_PER_MSEC));
}

static ssize_t retries_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%lu\n", READ_ONCE(to_patch(kobj)->retries));
}

static ssize_t fastpath_show(struct kobject *kobj, struct kobj_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  klpx_fastpath_name(READ_ONCE(to_patch(kobj)->fastpath)));
}

static ssize_t fastpath_store(struct kobject *kobj,
			      struct kobj_attribute *attr, const char *buf,
			      size_t count)
{
	int ret, mode = klpx_fastpath_parse(buf);

	if (mode < 0)
		return mode;
	ret = klpx_lock_killable();
	if (ret)
		return ret;
	ret = klpx_set_fastpath(to_patch(kobj), mode);
	klpx_unlock();
	/* Another direct caller can have the functions when this returns. */
	if (!ret && mode == KLPX_FASTPATH_OFF)
		klpx_muted_flush(NULL);
	return ret ?: count;
}

static ssize_t fastpath_functions_show(struct kobject *kobj,
				       struct kobj_attribute *attr, char *buf)
{
	unsigned int promoted;
	int ret;

	ret = klpx_lock_killable();
	if (ret)
		return ret;
	promoted = klpx_promoted(to_patch(kobj));
	klpx_unlock();
	return sysfs_emit(buf, "%u\n", promoted);
}

/* The common part of stores that act on the running transition. */
static ssize_t act_on_transition(struct kobject *kobj, size_t count,
				 int (*fn)(pid_t tid), pid_t tid)
{
	int ret;

	ret = klpx_lock_killable();
	if (ret)
		return ret;
	ret = -EINVAL;
	if (klpx_transition_patch() == to_patch(kobj))
		ret = fn(tid);
	klpx_unlock();
	return ret ?: count;
}

/* For stores of a 1 that act, and of a 0 that does nothing. */
static ssize_t act_if_set(struct kobject *kobj, const char *buf, size_t count,
			  int (*fn)(pid_t unused))
{
	bool set;
	int ret;

	ret = kstrtobool(buf, &set);
	if (ret)
		return ret;
	return set ? act_on_transition(kobj, count, fn, 0) : count;
}

static ssize_t act_on_task(struct kobject *kobj, const char *buf, size_t count,
			   int (*fn)(pid_t tid))
{
	unsigned int tid;

	/* One errno for whatever is not a tid, too large included. */
	if (kstrtouint(buf, 10, &tid))
		return -EINVAL;
	return act_on_transition(kobj, count, fn, tid);
}

static int force_all_tasks(pid_t unused)
{
	return klpx_transition_force();
}

static int signal_all_tasks(pid_t unused)
{
	klpx_transition_signal();
	return 0;
}

static int wake_worker(pid_t unused)
{
	klpx_wake_worker();
	return 0;
}

static ssize_t force_store(struct kobject *kobj, struct kobj_attribute *attr,
			   const char *buf, size_t count)
{
	return act_if_set(kobj, buf, count, force_all_tasks);
}

static ssize_t signal_store(struct kobject *kobj, struct kobj_attribute *attr,
			    const char *buf, size_t count)
{
	return act_if_set(kobj, buf, count, signal_all_tasks);
}

static ssize_t kick_store(struct kobject *kobj, struct kobj_attribute *attr,
			  const char *buf, size_t count)
{
	return act_if_set(kobj, buf, count, wake_worker);
}

static ssize_t force_task_store(struct kobject *kobj,
				struct kobj_attribute *attr, const char *buf,
				size_t count)
{
	return act_on_task(kobj, buf, count, klpx_transition_force_task);
}

static ssize_t signal_task_store(struct kobject *kobj,
				 struct kobj_attribute *attr, const char *buf,
				 size_t count)
{
	return act_on_task(kobj, buf, count, klpx_transition_signal_task);
}

static struct kobj_attribute enabled_attr = __ATTR_RW(enabled);
static struct kobj_attribute transition_attr = __ATTR_RO(transition);
static struct kobj_attribute waits_for_init_attr = __ATTR_RO(waits_for_init);
static struct kobj_attribute force_attr = __ATTR(force, 0200, NULL, force_store);
static struct kobj_attribute replace_attr = __ATTR_RO(replace);
static struct kobj_attribute replace_set_attr = __ATTR_RO(replace_set);
static struct kobj_attribute model_attr = __ATTR_RO(model);
static struct kobj_attribute stack_order_attr = __ATTR_RO(stack_order);
static struct kobj_attribute version_attr = __ATTR_RO(version);
static struct kobj_attribute adopted_attr = __ATTR_RO(adopted);
static struct kobj_attribute forced_attr = __ATTR_RO(forced);
static struct kobj_attribute target_attr = __ATTR_RO(target);
static struct kobj_attribute tasks_attr = __ATTR_RO(tasks);
static struct kobj_attribute pending_attr = __ATTR_RO(pending);
static struct kobj_attribute elapsed_ms_attr = __ATTR_RO(elapsed_ms);
static struct kobj_attribute retries_attr = __ATTR_RO(retries);
static struct kobj_attribute fastpath_attr = __ATTR_RW(fastpath);
static struct kobj_attribute fastpath_functions_attr =
	__ATTR_RO(fastpath_functions);
static struct kobj_attribute signal_attr =
	__ATTR(signal, 0200, NULL, signal_store);
static struct kobj_attribute signal_task_attr =
	__ATTR(signal_task, 0200, NULL, signal_task_store);
static struct kobj_attribute force_task_attr =
	__ATTR(force_task, 0200, NULL, force_task_store);
static struct kobj_attribute kick_attr = __ATTR(kick, 0200, NULL, kick_store);

static struct attribute *patch_attrs[] = {
	&enabled_attr.attr,
	&transition_attr.attr,
	&waits_for_init_attr.attr,
	&force_attr.attr,
	&replace_attr.attr,
	&replace_set_attr.attr,
	&model_attr.attr,
	&stack_order_attr.attr,
	&version_attr.attr,
	&adopted_attr.attr,
	&forced_attr.attr,
	&target_attr.attr,
	&tasks_attr.attr,
	&pending_attr.attr,
	&elapsed_ms_attr.attr,
	&retries_attr.attr,
	&fastpath_attr.attr,
	&fastpath_functions_attr.attr,
	&signal_attr.attr,
	&signal_task_attr.attr,
	&force_task_attr.attr,
	&kick_attr.attr,
	NULL
};
/*
 * Each is a name that no object may have: with "states", as many as NULL makes.
 */
static_assert(ARRAY_SIZE(patch_attrs) ==
	      sizeof((const char *[]){ KLPX_RESERVED_NAMES }) /
		      sizeof(const char *));
static const struct attribute_group patch_group = { .attrs = patch_attrs };

const struct attribute_group *klpx_patch_groups[] = { &patch_group, NULL };
