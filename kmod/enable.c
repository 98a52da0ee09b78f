// SPDX-License-Identifier: GPL-2.0
/*
 * Enabling a patch: from the description that a module hands over to the start
 * of a transition. This is the one path to the list of patches, as
 * klpx_retire_patch() is the one path off it; a patch on the list is enabled,
 * or in transition.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/module.h>
#include <linux/panic.h>

#include "adopted.h"
#include "description.h"
#include "enable.h"
#include "fastmode.h"
#include "lifetime.h"
#include "policy_worker.h"
#include "promote.h"
#include "relocations.h"
#include "replace.h"
#include "resolve.h"
#include "states.h"
#include "sysfs.h"
#include "transition.h"
#include "transition_state.h"
#include "wanted.h"

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

/* A module has one patch: a second one could not be told apart in sysfs. */
static struct klpx_lpatch *find_patch(const struct module *mod)
{
	struct klpx_lpatch *patch;

	lockdep_assert_held(&klpx_mutex);
	list_for_each_entry(patch, &klpx_patches, node)
		if (patch->desc->mod == mod)
			return patch;
	return NULL;
}

/*
 * Undo what resolve_objects() has written for the objects before @end, or for
 * all if @end is NULL.
 */
static void unresolve_objects(struct klpx_lpatch *patch,
			      const struct klpx_lobject *end)
{
	struct klpx_lobject *obj;

	klpx_for_each_object(patch, obj) {
		if (obj == end)
			break;
		if (klpx_object_loaded(obj))
			klpx_unresolve_object(patch, obj);
	}
}

static int resolve_objects(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	int ret;

	klpx_for_each_object(patch, obj) {
		if (!klpx_object_loaded(obj))
			continue;
		ret = klpx_resolve_object(patch, obj);
		if (ret) {
			unresolve_objects(patch, obj);
			return ret;
		}
	}
	return 0;
}

/* Under klpx_mutex; on error the patch is on no list. */
static int enable_patch(struct klpx_lpatch *patch)
{
	int ret;

	if (klpx_transition_patch())
		return -EBUSY;
	/*
	 * First: a module that comes from here on waits for klpx_mutex and is
	 * then patched.
	 */
	klpx_want_modules(patch);
	ret = resolve_objects(patch);
	if (ret)
		goto err_unwant;

	pr_notice("enabling patch '%s'\n", patch->name);

	/*
	 * On the list before it is enabled: what it replaces stands before it.
	 */
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
	unresolve_objects(patch, NULL);
err_unwant:
	klpx_unwant_modules(patch);
	return ret;
}

/* Everything that can be refused before its directory appears. */
static int check_patch(struct klpx_lpatch *patch)
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
	 * Marked since klpx_new_patch(): evict_fn() has run, and did not find
	 * the patch on the list. A mark that comes later has it run after us.
	 */
	if (READ_ONCE(patch->going))
		return -ENODEV;
	ret = check_patch(patch);
	if (!ret)
		ret = klpx_replace_add_nops(patch);
	if (!ret)
		ret = klpx_sysfs_add(patch);
	return ret ?: enable_patch(patch);
}

static int check_abi(const struct module *mod, unsigned long abi)
{
	/* All else would be read at the wrong place. */
	if (abi != KLPX_LIVEPATCH_ABI) {
		pr_err("'%s': was built with another klpx/livepatch.h (%#lx) than klpx.ko (%#lx); build it against this klpx.ko\n",
		       mod->name, abi, KLPX_LIVEPATCH_ABI);
		return -EINVAL;
	}
	return 0;
}

/*
 * After module_init() the loader would not wait for us before it frees the
 * module.
 */
static int check_loading(const struct module *mod)
{
	if (READ_ONCE(mod->state) == MODULE_STATE_COMING)
		return 0;
	pr_err("'%s': a patch can only be enabled by the module_init() of its module\n",
	       mod->name);
	return -EINVAL;
}

/* @adopted: what @desc is in, or NULL. */
static int enable_description(const struct klpx_patch *desc, struct module *mod,
			      struct klpx_adopted *adopted)
{
	struct klpx_lpatch *patch;
	int ret;

	ret = klpx_check_description(desc, mod);
	if (!ret)
		ret = check_loading(mod);
	if (ret)
		return ret;
	/* Undone when it has been retired (lifetime.c), or below. */
	patch = klpx_new_patch(desc);
	if (IS_ERR(patch))
		return PTR_ERR(patch);
	patch->adopted = adopted;
	/*
	 * Again, after klpx_new_patch() has put it where on_patch_going()
	 * looks: the one or the other finds that the module goes.
	 */
	ret = -ENODEV;
	if (READ_ONCE(desc->mod->state) != MODULE_STATE_COMING)
		goto err_drop;
	ret = add_objects(patch);
	if (ret)
		goto err_drop;

	/* Both may take long, so both come before klpx_mutex is taken. */
	ret = klpx_policy_worker_may_start(patch);
	if (ret)
		goto err_drop;
	ret = klpx_demote_ahead(desc);
	if (ret)
		goto err_drop;
	klpx_lock();
	ret = check_and_enable(patch);
	klpx_unlock();
	if (!ret)
		return 0;

err_drop:
	klpx_drop_patch(patch);
	return ret;
}

static int check_mark(const struct module *mod)
{
	if (klpx_is_marked(mod))
		return 0;
	pr_err("module %s is not marked as a livepatch module\n", mod->name);
	return -EINVAL;
}

int klpx_enable_adopted(struct klpx_adopted *adopted, struct module *mod)
{
	int ret = check_mark(mod);

	return ret ?: enable_description(&adopted->desc, mod, adopted);
}

int __klpx_enable_patch(const struct klpx_patch *desc, struct module *mod,
			unsigned long abi, bool marked)
{
	int ret = check_abi(mod, abi);

	if (!ret && marked)
		ret = check_mark(mod);
	return ret ?: enable_description(desc, mod, NULL);
}
EXPORT_SYMBOL_GPL(__klpx_enable_patch);
