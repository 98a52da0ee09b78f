// SPDX-License-Identifier: GPL-2.0
/*
 * The directories under /sys/kernel/klpx, and through their kobjects the life
 * of the records. What is in the directories: patch_sysfs.c, object_sysfs.c.
 */
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "adopted.h"
#include "cold_ranges.h"
#include "object_sysfs.h"
#include "sysfs.h"

static struct kobject *klpx_root;

/*
 * Kobjects not released yet: their release is our code (and may come late, see
 * CONFIG_DEBUG_KOBJECT_RELEASE), so klpx.ko waits for all of them.
 */
static atomic_t live_kobjects;
static DECLARE_WAIT_QUEUE_HEAD(kobjects_gone);

static void note_released(void)
{
	if (atomic_dec_and_test(&live_kobjects))
		wake_up(&kobjects_gone);
}

/*
 * A child holds a reference on its parent until it has been released itself,
 * so the patch's is the last release; klpx_sysfs_remove() waits for it.
 */
static void release_patch(struct kobject *kobj)
{
	complete(&container_of(kobj, struct klpx_lpatch, kobj)->released);
	note_released();
}

static void release_object(struct kobject *kobj)
{
	struct klpx_lobject *obj = container_of(kobj, struct klpx_lobject, kobj);

	if (!obj->desc)
		kfree(obj->name);
	kfree(obj);
	note_released();
}

static void release_func(struct kobject *kobj)
{
	struct klpx_lfunc *func = container_of(kobj, struct klpx_lfunc, kobj);

	if (func->nop)
		kfree(func->old_name);
	klpx_cold_ranges_free(&func->old_cold);
	klpx_cold_ranges_free(&func->new_cold);
	kfree(func);
	note_released();
}

static void release_state(struct kobject *kobj)
{
	kfree(container_of(kobj, struct klpx_lstate, kobj));
	note_released();
}

/* Its groups come with klpx_sysfs_init(): they know all that a patch can do. */
static struct kobj_type patch_ktype __ro_after_init = {
	.release = release_patch,
	.sysfs_ops = &kobj_sysfs_ops,
};

static const struct kobj_type object_ktype = {
	.release = release_object,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = klpx_object_groups,
};

static const struct kobj_type func_ktype = {
	.release = release_func,
	.sysfs_ops = &kobj_sysfs_ops,
};

static const struct kobj_type state_ktype = {
	.release = release_state,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = klpx_state_groups,
};

static void init_kobject(struct kobject *kobj, const struct kobj_type *type)
{
	atomic_inc(&live_kobjects);
	kobject_init(kobj, type);
}

void klpx_sysfs_init_patch(struct klpx_lpatch *patch)
{
	init_completion(&patch->released);
	INIT_LIST_HEAD(&patch->states);
	init_kobject(&patch->kobj, &patch_ktype);
}

void klpx_sysfs_init_object(struct klpx_lobject *obj)
{
	init_kobject(&obj->kobj, &object_ktype);
}

void klpx_sysfs_init_func(struct klpx_lfunc *func)
{
	init_kobject(&func->kobj, &func_ktype);
}

static int add_state(struct klpx_lpatch *patch, struct kobject *dir,
		     struct klpx_state *desc)
{
	struct klpx_lstate *state = kzalloc(sizeof(*state), GFP_KERNEL);

	if (!state)
		return -ENOMEM;
	state->desc = desc;
	init_kobject(&state->kobj, &state_ktype);
	list_add_tail(&state->node, &patch->states);
	return kobject_add(&state->kobj, dir, "%lu", desc->id);
}

static int add_states(struct klpx_lpatch *patch)
{
	struct klpx_state *desc = patch->desc->states;
	struct kobject *dir;
	int ret = 0;

	if (!desc || !desc->id)
		return 0;
	dir = kobject_create_and_add("states", &patch->kobj);
	if (!dir)
		return -ENOMEM;
	for (; desc->id && !ret; desc++)
		ret = add_state(patch, dir, desc);
	/* It stays as long as one of the directories in it. */
	kobject_put(dir);
	return ret;
}

int klpx_sysfs_add(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	int ret;

	ret = kobject_add(&patch->kobj, klpx_root, "%s", patch->name);
	if (ret)
		return ret;

	klpx_for_each_object(patch, obj) {
		ret = kobject_add(&obj->kobj, &patch->kobj, "%s",
				  klpx_object_name(obj));
		if (ret)
			return ret;
		klpx_for_each_func(obj, func) {
			ret = kobject_add(&func->kobj, &obj->kobj, "%s,%lu",
					  func->old_name,
					  func->old_sympos ?: 1);
			if (ret)
				return ret;
		}
	}
	ret = add_states(patch);
	/* Last: what finds the link finds all that it leads to. */
	if (!ret && klpx_is_adopted(patch))
		ret = klpx_adopted_link(patch);
	return ret;
}

void klpx_sysfs_remove_func(struct klpx_lpatch *patch, struct klpx_lfunc *func)
{
	list_del(&func->node);
	patch->nr_funcs--;
	kobject_put(&func->kobj);
}

void klpx_sysfs_remove_object(struct klpx_lobject *obj)
{
	list_del(&obj->node);
	kobject_put(&obj->kobj);
}

void klpx_sysfs_remove(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj, *next_obj;
	struct klpx_lfunc *func, *next_func;
	struct klpx_lstate *state, *next_state;

	lockdep_assert_not_held(&klpx_mutex);

	list_for_each_entry_safe(obj, next_obj, &patch->objects, node) {
		list_for_each_entry_safe(func, next_func, &obj->funcs, node)
			klpx_sysfs_remove_func(patch, func);
		klpx_sysfs_remove_object(obj);
	}
	list_for_each_entry_safe(state, next_state, &patch->states, node) {
		list_del(&state->node);
		kobject_put(&state->kobj);
	}
	/* What waits for the link to go next removes the module. */
	if (klpx_is_adopted(patch))
		klpx_adopted_unlink(patch);
	kobject_put(&patch->kobj);
	wait_for_completion(&patch->released);
}

int klpx_sysfs_init(const struct attribute_group **patch_groups)
{
	patch_ktype.default_groups = patch_groups;
	klpx_root = kobject_create_and_add("klpx", kernel_kobj);
	return klpx_root ? 0 : -ENOMEM;
}

void klpx_sysfs_exit(void)
{
	wait_event(kobjects_gone, !atomic_read(&live_kobjects));
	kobject_put(klpx_root);
}
