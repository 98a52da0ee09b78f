// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a patch: from the description that a module hands over to the
 * release of that module. One path in (__klpx_enable_patch()), one out
 * (klpx_retire_patch()); a patch on the list is enabled, or in transition.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/panic.h>
#include <linux/slab.h>

#include "description.h"
#include "evict.h"
#include "fastmode.h"
#include "modules.h"
#include "objects.h"
#include "promote.h"
#include "push.h"
#include "registry.h"
#include "relocations.h"
#include "replace.h"
#include "states.h"
#include "sysfs.h"
#include "transition.h"

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
	klpx_evict_exit();
	destroy_workqueue(free_wq);
}

/*
 * What keeps the memory of a patch module: a reference that rmmod goes by, and
 * one on the module's kobject. The loader does not look at the first one when
 * module_init() has failed, nor at rmmod --force; but free_module() waits, with
 * no lock held, for the release of the kobject before it frees anything. So the
 * second one is taken first and given back last: after that nothing of ours
 * touches the module.
 */
static int pin_module(struct module *mod)
{
	if (!try_module_get(mod))
		return -ENODEV;
	kobject_get(&mod->mkobj.kobj);
	return 0;
}

static void unpin_module(struct module *mod)
{
	module_put(mod);
	kobject_put(&mod->mkobj.kobj);
}

/* After the last task has left it; no lock held. */
static void free_patch(struct work_struct *work)
{
	struct klpx_lpatch *patch =
		container_of(work, struct klpx_lpatch, free_work);
	struct module *mod = patch->desc->mod;
	bool forced = patch->forced;

	klpx_sysfs_remove(patch);
	klpx_modules_unwatch(patch);
	kfree(patch);

	/*
	 * A forced task may run the module's code until the machine stops:
	 * then rmmod --force waits as long, rather than free it.
	 */
	if (!forced)
		unpin_module(mod);
}

void klpx_retire_patch(struct klpx_lpatch *patch)
{
	lockdep_assert_held(&klpx_mutex);

	list_del_init(&patch->node);
	klpx_modules_unwant(patch);
	queue_work(free_wq, &patch->free_work);
}

struct klpx_lfunc *klpx_add_func(struct klpx_lpatch *patch,
				 struct klpx_lobject *obj, const char *old_name,
				 unsigned long old_sympos, void *new_func)
{
	struct klpx_lfunc *func = kzalloc(sizeof(*func), GFP_KERNEL);

	if (!func)
		return NULL;
	func->obj = obj;
	func->old_name = old_name;
	func->old_sympos = old_sympos;
	func->new_func = new_func;
	klpx_sysfs_init_func(func);
	list_add_tail(&func->node, &obj->funcs);
	patch->nr_funcs++;
	return func;
}

struct klpx_lobject *klpx_add_object(struct klpx_lpatch *patch,
				     const struct klpx_object *desc,
				     const char *name)
{
	struct klpx_lobject *obj = kzalloc(sizeof(*obj), GFP_KERNEL);

	if (!obj)
		return NULL;
	if (desc) {
		obj->copy = *desc;
		obj->copy.mod = NULL;
		obj->desc = &obj->copy;
	}
	obj->name = name;
	INIT_LIST_HEAD(&obj->wanted);
	INIT_LIST_HEAD(&obj->funcs);
	klpx_sysfs_init_object(obj);
	list_add_tail(&obj->node, &patch->objects);
	return obj;
}

static int add_objects(struct klpx_lpatch *patch)
{
	const struct klpx_object *desc;
	const struct klpx_func *func;
	struct klpx_lobject *obj;

	for (desc = patch->desc->objs; desc->funcs || desc->name; desc++) {
		obj = klpx_add_object(patch, desc, desc->name);
		if (!obj)
			return -ENOMEM;
		for (func = desc->funcs; !klpx_is_last_func(func); func++)
			if (!klpx_add_func(patch, obj, func->old_name,
					   func->old_sympos, func->new_func))
				return -ENOMEM;
	}
	return 0;
}

/* Its records are freed by klpx_sysfs_remove(), whatever has become of it. */
static struct klpx_lpatch *new_patch(const struct klpx_patch *desc)
{
	struct klpx_lpatch *patch = kzalloc(sizeof(*patch), GFP_KERNEL);

	if (!patch)
		return NULL;

	patch->desc = desc;
	patch->name = desc->mod->name;
	patch->fastpath = klpx_fastpath_default();
	INIT_LIST_HEAD(&patch->node);
	INIT_LIST_HEAD(&patch->objects);
	INIT_WORK(&patch->free_work, free_patch);
	klpx_sysfs_init_patch(patch);
	klpx_modules_watch(patch);
	return patch;
}

static struct klpx_lpatch *find_patch(const struct module *mod)
{
	struct klpx_lpatch *patch;

	lockdep_assert_held(&klpx_mutex);
	list_for_each_entry(patch, &klpx_patches, node)
		if (patch->desc->mod == mod)
			return patch;
	return NULL;
}

/* What resolve() has written for the objects before @end (NULL: for all). */
static void unresolve(struct klpx_lpatch *patch, const struct klpx_lobject *end)
{
	struct klpx_lobject *obj;

	klpx_for_each_object(patch, obj) {
		if (obj == end)
			break;
		if (klpx_object_loaded(obj))
			klpx_unresolve_object(patch, obj);
	}
}

static int resolve(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	int ret;

	klpx_for_each_object(patch, obj) {
		if (!klpx_object_loaded(obj))
			continue;
		ret = klpx_resolve_object(patch, obj);
		if (ret) {
			unresolve(patch, obj);
			return ret;
		}
	}
	return 0;
}

/* Under klpx_mutex; on error the patch is on no list. */
static int enable(struct klpx_lpatch *patch)
{
	int ret;

	if (klpx_transition_patch())
		return -EBUSY;
	klpx_modules_want(patch);
	ret = resolve(patch);
	if (ret)
		goto err_unwant;

	pr_notice("enabling patch '%s'\n", patch->name);

	list_add_tail(&patch->node, &klpx_patches);
	klpx_fastpath_inherit(patch);
	ret = klpx_enable(patch);
	if (ret)
		goto err_list;
	WRITE_ONCE(patch->enabled, true);
	/* An oops report shows that the code is not what it was built as. */
	add_taint(TAINT_LIVEPATCH, LOCKDEP_STILL_OK);
	return 0;

err_list:
	list_del_init(&patch->node);
	unresolve(patch, NULL);
err_unwant:
	klpx_modules_unwant(patch);
	return ret;
}

/* Everything that can be refused before its directory appears. */
static int check(struct klpx_lpatch *patch)
{
	if (find_patch(patch->desc->mod))
		return -EEXIST;
	if (!klpx_states_compatible(patch)) {
		pr_err("Livepatch patch (%s) is not compatible with the already installed livepatches.\n",
		       patch->name);
		return -EINVAL;
	}
	return klpx_replace_check_sets(patch);
}

static int check_and_enable(struct klpx_lpatch *patch)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	/*
	 * Marked since new_patch(): evict_fn() has run, and did not find the
	 * patch on the list. A mark that comes later has it run after us.
	 */
	if (READ_ONCE(patch->going))
		return -ENODEV;
	ret = check(patch);
	if (!ret)
		ret = klpx_replace_add_nops(patch);
	if (!ret)
		ret = klpx_sysfs_add(patch);
	return ret ?: enable(patch);
}

static int check_caller(const struct klpx_patch *desc, struct module *mod,
			unsigned long abi, bool marked)
{
	/* All else would be read at the wrong place. */
	if (abi != KLPX_LIVEPATCH_ABI) {
		pr_err("'%s': was built with another klpx/livepatch.h (%#lx) than klpx.ko (%#lx); build it against this klpx.ko\n",
		       mod->name, abi, KLPX_LIVEPATCH_ABI);
		return -EINVAL;
	}
	if (marked && !klpx_is_marked(mod)) {
		pr_err("module %s is not marked as a livepatch module\n",
		       mod->name);
		return -EINVAL;
	}
	return klpx_check_description(desc, mod);
}

int __klpx_enable_patch(const struct klpx_patch *desc, struct module *mod,
			unsigned long abi, bool marked)
{
	struct klpx_lpatch *patch;
	int ret;

	ret = check_caller(desc, mod, abi, marked);
	if (ret)
		return ret;
	/* Later, nobody would wait with the module's removal. */
	if (desc->mod->state != MODULE_STATE_COMING) {
		pr_err("'%s': a patch can only be enabled by the module_init() of its module\n",
		       desc->mod->name);
		return -EINVAL;
	}
	/* Undone in free_patch(), or below. */
	ret = pin_module(desc->mod);
	if (ret)
		return ret;

	ret = -ENOMEM;
	patch = new_patch(desc);
	if (!patch)
		goto err_unpin;
	/*
	 * Again, after new_patch() has put it where on_patch_going() looks: the
	 * one or the other finds that the module goes.
	 */
	ret = -ENODEV;
	if (READ_ONCE(desc->mod->state) != MODULE_STATE_COMING)
		goto err_free;
	ret = add_objects(patch);
	if (ret)
		goto err_free;

	ret = klpx_push_may_start(patch);
	if (ret)
		goto err_free;

	ret = klpx_demote_ahead(desc);
	if (ret)
		goto err_free;
	klpx_lock();
	ret = check_and_enable(patch);
	klpx_unlock();
	if (!ret)
		return 0;

err_free:
	klpx_sysfs_remove(patch);
	klpx_modules_unwatch(patch);
	kfree(patch);
err_unpin:
	unpin_module(desc->mod);
	return ret;
}
EXPORT_SYMBOL_GPL(__klpx_enable_patch);

int klpx_set_enabled(struct klpx_lpatch *patch, bool enabled)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	/* evict.c takes it back, and does nothing else with it any more. */
	if (READ_ONCE(patch->going))
		return -EBUSY;
	if (patch->enabled == enabled)
		return -EINVAL;

	if (patch == klpx_transition_patch()) {
		ret = klpx_transition_reverse();
	} else if (enabled) {
		return -EINVAL;
	} else if (klpx_transition_patch()) {
		return -EBUSY;
	} else if (klpx_states_block_disable(patch)) {
		pr_err("The livepatch '%s' does not support disable\n",
		       patch->name);
		return -EINVAL;
	} else {
		ret = klpx_disable(patch);
	}
	if (!ret)
		WRITE_ONCE(patch->enabled, enabled);
	return ret;
}
