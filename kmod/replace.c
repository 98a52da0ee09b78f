// SPDX-License-Identifier: GPL-2.0
/*
 * Nops, sets, and the end of replaced patches; see replace.h. A nop is a
 * version like any other, so that the new patch decides by itself what each
 * function runs: while its transition is on, a task of the old side runs the
 * old patch's version, below the nop, and a task of the new side the original.
 * Without nops the old patch would need a transition of its own.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>
#include <linux/string.h>

#include "func_stack.h"
#include "lifetime.h"
#include "redirect.h"
#include "replace.h"
#include "sysfs.h"
#include "wanted.h"

static bool same_object(const struct klpx_lobject *a,
			const struct klpx_lobject *b)
{
	return !strcmp(klpx_object_name(a), klpx_object_name(b));
}

static struct klpx_lobject *find_same_object(const struct klpx_lpatch *patch,
					     const struct klpx_lobject *like)
{
	struct klpx_lobject *obj;

	klpx_for_each_object(patch, obj)
		if (same_object(obj, like))
			return obj;
	return NULL;
}

/* Position 0 means the only one, which is the first. */
static struct klpx_lfunc *find_same_func(const struct klpx_lobject *obj,
					 const struct klpx_lfunc *like)
{
	struct klpx_lfunc *func;

	klpx_for_each_func(obj, func)
		if (!strcmp(func->old_name, like->old_name) &&
		    max(func->old_sympos, 1UL) == max(like->old_sympos, 1UL))
			return func;
	return NULL;
}

static int refuse_two_sets(const struct klpx_lpatch *patch,
			   const struct klpx_lpatch *old, const char *function)
{
	pr_err("'%s' and '%s' are of different sets and both patch '%s'\n",
	       patch->name, old->name, function);
	return -EINVAL;
}

/*
 * By name, before the functions have addresses; see klpx_replace_check_func().
 */
static int check_sets_of_object(const struct klpx_lpatch *patch,
				const struct klpx_lpatch *old,
				const struct klpx_lobject *old_obj)
{
	const struct klpx_lobject *obj = find_same_object(patch, old_obj);
	const struct klpx_lfunc *func;

	if (!obj)
		return 0;
	klpx_for_each_func(old_obj, func)
		if (find_same_func(obj, func))
			return refuse_two_sets(patch, old, func->old_name);
	return 0;
}

int klpx_replace_check_sets(const struct klpx_lpatch *patch)
{
	const struct klpx_lobject *old_obj;
	const struct klpx_lpatch *old;
	int ret;

	lockdep_assert_held(&klpx_mutex);

	list_for_each_entry(old, &klpx_patches, node) {
		if (old->desc->replace_set == patch->desc->replace_set)
			continue;
		klpx_for_each_object(old, old_obj) {
			ret = check_sets_of_object(patch, old, old_obj);
			if (ret)
				return ret;
		}
	}
	return 0;
}

/*
 * A record of a function does not point to its patch: only this check needs it.
 */
static struct klpx_lpatch *find_patch_of(const struct klpx_lfunc *func)
{
	struct klpx_lpatch *patch;
	struct klpx_lobject *obj;

	list_for_each_entry(patch, &klpx_patches, node)
		klpx_for_each_object(patch, obj)
			if (obj == func->obj)
				return patch;
	return NULL;
}

int klpx_replace_check_func(const struct klpx_lpatch *patch,
			    const struct klpx_lfunc *func)
{
	const struct klpx_func_stack *stack = klpx_find_func_stack(func->ip);
	const struct klpx_lfunc *top;
	const struct klpx_lpatch *old;

	lockdep_assert_held(&klpx_mutex);

	if (!stack || !stack->top)
		return 0;
	/*
	 * All versions of a function stack are of one set: the newest speaks
	 * for them.
	 */
	top = container_of(stack->top, struct klpx_lfunc, version);
	old = find_patch_of(top);
	/* A version of no patch is that of adopt.c. */
	if (!old) {
		pr_err("'%s': '%s' is redirected by adoption: turn that off and disable all adopted patches first\n",
		       patch->name, func->old_name);
		return -EBUSY;
	}
	if (old->desc->replace_set == patch->desc->replace_set)
		return 0;
	return refuse_two_sets(patch, old, top->old_name);
}

static int add_nop(struct klpx_lpatch *patch, struct klpx_lobject *obj,
		   const struct klpx_lfunc *old)
{
	struct klpx_lfunc *func;
	char *name;

	/* The old patch's name for it goes with the old patch. */
	name = kstrdup(old->old_name, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	func = klpx_add_func(patch, obj, name, old->old_sympos, NULL);
	if (!func) {
		kfree(name);
		return -ENOMEM;
	}
	func->nop = true;
	return 0;
}

/*
 * What @old_obj patches and @patch does not; the object may be new to @patch.
 */
static int add_nops_of(struct klpx_lpatch *patch,
		       const struct klpx_lobject *old_obj)
{
	struct klpx_lobject *obj = find_same_object(patch, old_obj);
	struct klpx_lfunc *func;
	char *name = NULL;
	int ret;

	if (!obj) {
		if (old_obj->name) {
			name = kstrdup(old_obj->name, GFP_KERNEL);
			if (!name)
				return -ENOMEM;
		}
		obj = klpx_add_object(patch, NULL, name);
		if (!obj) {
			kfree(name);
			return -ENOMEM;
		}
	}

	klpx_for_each_func(old_obj, func) {
		if (find_same_func(obj, func))
			continue;
		ret = add_nop(patch, obj, func);
		if (ret)
			return ret;
	}
	return 0;
}

int klpx_replace_add_nops(struct klpx_lpatch *patch)
{
	struct klpx_lobject *old_obj;
	struct klpx_lpatch *old;
	int ret;

	lockdep_assert_held(&klpx_mutex);

	if (!patch->desc->replace)
		return 0;
	klpx_for_each_replaced(patch, old) {
		klpx_for_each_object(old, old_obj) {
			ret = add_nops_of(patch, old_obj);
			if (ret)
				return ret;
		}
	}
	return 0;
}

/* The functions of an object that is not patched are not redirected. */
static void batch_nops(struct list_head *batch, struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;

	klpx_for_each_object(patch, obj) {
		if (!obj->patched)
			continue;
		klpx_for_each_func(obj, func)
			if (func->nop)
				list_add_tail(&func->batch, batch);
	}
}

/*
 * After the transition a nop does the same as no version would, and costs time
 * in the handler: all nops go, with the objects that held nothing else.
 */
static void free_nops(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj, *next_obj;
	struct klpx_lfunc *func, *next_func;

	list_for_each_entry_safe(obj, next_obj, &patch->objects, node) {
		list_for_each_entry_safe(func, next_func, &obj->funcs, node)
			if (func->nop)
				klpx_sysfs_remove_func(patch, func);
		if (obj->desc)
			continue;
		klpx_unwant_module(obj);
		klpx_sysfs_remove_object(obj);
	}
}

void klpx_replace_unpatch_old(struct klpx_lpatch *patch, bool forced)
{
	struct klpx_lobject *obj;
	struct klpx_lpatch *old;
	LIST_HEAD(batch);

	lockdep_assert_held(&klpx_mutex);

	klpx_for_each_replaced(patch, old) {
		WRITE_ONCE(old->enabled, false);
		WRITE_ONCE(old->target, KLPX_UNPATCHED);
		if (forced)
			WRITE_ONCE(old->forced, true);
		klpx_for_each_object(old, obj) {
			if (obj->patched)
				klpx_batch_object(&batch, obj);
			WRITE_ONCE(obj->patched, false);
		}
	}
	/* One batch, so that ftrace is updated once for all patches. */
	batch_nops(&batch, patch);
	klpx_unredirect(&batch);
	free_nops(patch);
}

void klpx_replace_retire_old(struct klpx_lpatch *patch)
{
	struct klpx_lpatch *old, *next;

	lockdep_assert_held(&klpx_mutex);

	list_for_each_entry_safe(old, next, &klpx_patches, node) {
		if (old == patch)
			break;
		if (klpx_replaces(patch, old))
			klpx_retire_patch(old);
	}
}
