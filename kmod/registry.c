// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a patch: from the description that a module hands over to the
 * release of that module. One path in (klpx_enable_patch()), one out
 * (klpx_retire_patch()); a patch on the list is enabled, or in transition.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/panic.h>
#include <linux/slab.h>

#include "objects.h"
#include "registry.h"
#include "sysfs.h"
#include "transition.h"

DEFINE_MUTEX(klpx_mutex);
LIST_HEAD(klpx_patches);

/* Frees patches: not from a sysfs store, which the removal would wait for. */
static struct workqueue_struct *free_wq;

int klpx_registry_init(void)
{
	free_wq = alloc_workqueue("klpx_free", WQ_UNBOUND, 0);
	return free_wq ? 0 : -ENOMEM;
}

/* No patch is left: each pins klpx.ko through its module. */
void klpx_registry_exit(void)
{
	destroy_workqueue(free_wq);
}

static void free_records(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj, *next_obj;
	struct klpx_lfunc *func, *next_func;

	list_for_each_entry_safe(obj, next_obj, &patch->objects, node) {
		list_for_each_entry_safe(func, next_func, &obj->funcs, node)
			kfree(func);
		kfree(obj);
	}
	kfree(patch);
}

/* After the last task has left it; no lock held. */
static void free_patch(struct work_struct *work)
{
	struct klpx_lpatch *patch =
		container_of(work, struct klpx_lpatch, free_work);
	struct module *mod = patch->desc->mod;
	bool forced = patch->forced;

	klpx_sysfs_remove(patch);
	free_records(patch);

	/* A forced task may run the module's code until the machine stops. */
	if (!forced)
		module_put(mod);
}

void klpx_retire_patch(struct klpx_lpatch *patch)
{
	lockdep_assert_held(&klpx_mutex);

	list_del(&patch->node);
	queue_work(free_wq, &patch->free_work);
}

static int add_funcs(struct klpx_lpatch *patch, struct klpx_lobject *obj)
{
	const struct klpx_func *desc;
	struct klpx_lfunc *func;

	for (desc = obj->desc->funcs;
	     desc->old_name || desc->new_func || desc->old_sympos; desc++) {
		func = kzalloc(sizeof(*func), GFP_KERNEL);
		if (!func)
			return -ENOMEM;
		func->desc = desc;
		list_add_tail(&func->node, &obj->funcs);
		patch->nr_funcs++;
	}
	return 0;
}

static int add_objects(struct klpx_lpatch *patch)
{
	const struct klpx_object *desc;
	struct klpx_lobject *obj;

	for (desc = patch->desc->objs; desc->funcs || desc->name; desc++) {
		obj = kzalloc(sizeof(*obj), GFP_KERNEL);
		if (!obj)
			return -ENOMEM;
		obj->desc = desc;
		INIT_LIST_HEAD(&obj->funcs);
		list_add_tail(&obj->node, &patch->objects);
		if (add_funcs(patch, obj))
			return -ENOMEM;
	}
	return 0;
}

static struct klpx_lpatch *new_patch(const struct klpx_patch *desc)
{
	struct klpx_lpatch *patch = kzalloc(sizeof(*patch), GFP_KERNEL);

	if (!patch)
		return NULL;

	patch->desc = desc;
	patch->name = desc->mod->name;
	INIT_LIST_HEAD(&patch->objects);
	INIT_WORK(&patch->free_work, free_patch);
	if (add_objects(patch)) {
		free_records(patch);
		return NULL;
	}
	return patch;
}

static bool is_registered(const struct module *mod)
{
	struct klpx_lpatch *patch;

	list_for_each_entry(patch, &klpx_patches, node)
		if (patch->desc->mod == mod)
			return true;
	return false;
}

/* Under klpx_mutex; on error the patch is not on the list. */
static int enable(struct klpx_lpatch *patch)
{
	int ret;

	ret = klpx_resolve_objects(patch);
	if (ret)
		return ret;
	if (klpx_transition_patch())
		return -EBUSY;

	pr_notice("enabling patch '%s'\n", patch->name);

	list_add_tail(&patch->node, &klpx_patches);
	ret = klpx_enable(patch);
	if (ret) {
		pr_warn("failed to enable patch '%s'\n", patch->name);
		list_del(&patch->node);
		return ret;
	}
	WRITE_ONCE(patch->enabled, true);
	/* An oops report shows that the code is not what it was built as. */
	add_taint(TAINT_LIVEPATCH, LOCKDEP_STILL_OK);
	return 0;
}

int klpx_enable_patch(struct klpx_patch *desc)
{
	struct klpx_lpatch *patch;
	int ret;

	ret = klpx_check_description(desc);
	if (ret)
		return ret;
	/* Dropped in free_patch(), or below. */
	if (!try_module_get(desc->mod))
		return -ENODEV;

	patch = new_patch(desc);
	if (!patch) {
		ret = -ENOMEM;
		goto err_put_module;
	}
	klpx_sysfs_init_kobjects(patch);

	mutex_lock(&klpx_mutex);
	ret = is_registered(desc->mod) ? -EEXIST : klpx_sysfs_add(patch);
	if (!ret)
		ret = enable(patch);
	mutex_unlock(&klpx_mutex);
	if (!ret)
		return 0;

	klpx_sysfs_remove(patch);
	free_records(patch);
err_put_module:
	module_put(desc->mod);
	return ret;
}
EXPORT_SYMBOL_GPL(klpx_enable_patch);

int klpx_set_enabled(struct klpx_lpatch *patch, bool enabled)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	if (patch->enabled == enabled)
		return -EINVAL;

	if (patch == klpx_transition_patch()) {
		ret = klpx_transition_reverse();
	} else if (enabled) {
		return -EINVAL;
	} else if (klpx_transition_patch()) {
		return -EBUSY;
	} else {
		ret = klpx_disable(patch);
	}
	if (!ret)
		WRITE_ONCE(patch->enabled, enabled);
	return ret;
}
