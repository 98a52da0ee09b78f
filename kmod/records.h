/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The records of the patches on this machine: what the engine keeps about each,
 * from enable (enable.c) to the release of its module (lifetime.c). The mutex
 * that guards them is in lock.h.
 *
 * A description (struct klpx_patch and what it points at) belongs to the patch
 * module, which may have it in memory that cannot be written to. The records
 * here belong to klpx.ko and point into it; they are gone before the reference
 * on the module is dropped. The l of klpx_lpatch, klpx_lobject, klpx_lfunc and
 * klpx_lstate stands for "live": each is the engine's live record of the
 * element of a description that has the name without it.
 */
#ifndef KLPX_RECORDS_H
#define KLPX_RECORDS_H

#include <linux/completion.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/workqueue.h>

#include <klpx/abi.h>
#include <klpx/livepatch.h>

#include "lock.h"

/* One version of a function; an element of its function stack. */
struct klpx_version {
	/* Older version of the same function, NULL for the original. */
	struct klpx_version *older;
	void *new_func;		/* NULL: the original, for a nop */
	/* True while the task decides; see klpx_redirect_handler(). */
	bool transition;
};

struct klpx_adopted;
struct klpx_adopted_object;
struct klpx_func_stack;

struct klpx_cold_range {
	unsigned long addr;
	unsigned long size;
};

/* The parts of one function that the compiler moved away (cold_ranges.h). */
struct klpx_cold_ranges {
	struct klpx_cold_range *at;
	size_t n;
};

struct klpx_lfunc {
	const char *old_name;
	unsigned long old_sympos;
	void *new_func;			/* NULL: a nop */
	bool nop;			/* for the original; owns old_name */
	struct klpx_lobject *obj;
	struct list_head node;		/* in klpx_lobject.funcs */
	struct list_head batch;		/* in a list that redirect.c is given */
	struct kobject kobj;
	struct klpx_func_stack *stack;		/* NULL unless redirected */
	struct klpx_version version;
	unsigned long old_addr;
	unsigned long old_size;
	unsigned long new_size;
	unsigned long ip;		/* the ftrace location in the function */
	struct klpx_cold_ranges old_cold, new_cold;
};

struct klpx_lobject {
	struct klpx_object *desc;	/* own copy; NULL: only nops, owns name */
	const char *name;		/* NULL: vmlinux */
	struct module *mod;		/* the target while it is loaded */
	struct list_head node;		/* in klpx_lpatch.objects */
	struct list_head wanted;	/* in wanted.c's list of names */
	struct list_head funcs;
	struct kobject kobj;
	bool patched;
	bool pre_patch_succeeded;
	/* What callbacks are given: the author's, with our .mod in it. */
	struct klpx_object copy;
	/* If the patch is adopted: the author's own. NULL for nops. */
	struct klpx_adopted_object *adopted;
};

/* vmlinux, or a module that is loaded and has been announced (wanted.c). */
static inline bool klpx_object_loaded(const struct klpx_lobject *obj)
{
	return !obj->name || obj->mod;
}

static inline const char *klpx_object_name(const struct klpx_lobject *obj)
{
	return obj->name ?: "vmlinux";
}

/*
 * The record of one element of the patch's states, and its directory in sysfs.
 */
struct klpx_lstate {
	struct klpx_state *desc;
	bool pre_patch_succeeded;
	struct list_head node;		/* in klpx_lpatch.states */
	struct kobject kobj;
};

/* Which functions of a patch are called directly once they have settled. */
enum klpx_fastpath {
	KLPX_FASTPATH_OFF,
	KLPX_FASTPATH_HOT,
	KLPX_FASTPATH_ALL,
};

struct klpx_lpatch {
	const struct klpx_patch *desc;
	struct klpx_adopted *adopted;	/* owns .desc; NULL: a patch for klpx */
	const char *name;		/* of the patch module */
	struct list_head node;		/* in klpx_patches */
	struct list_head module_node;	/* in wanted.c's list of patches */
	struct list_head objects;
	struct list_head states;
	size_t nr_funcs;
	struct kobject kobj;
	bool enabled;
	bool forced;
	/*
	 * About its module; written under names_lock (wanted.c), never cleared.
	 */
	bool lived;		/* module_init() has succeeded */
	bool going;		/* it is on its way out: see evict.c */
	enum klpx_fastpath fastpath;
	bool gave_up_states;	/* pre_unpatch of the states it replaces ran */
	bool named_in_way;	/* evict.c: the log has the blocking tasks */

	/* The running or last transition; written under klpx_mutex. */
	enum klpx_side target;
	unsigned long tasks;
	unsigned long retries;
	u64 started_ns;
	u64 ended_ns;			/* 0 while it runs */

	struct work_struct free_work;
	struct completion released;
};

#define klpx_for_each_object(patch, obj) \
	list_for_each_entry(obj, &(patch)->objects, node)
#define klpx_for_each_func(obj, func) \
	list_for_each_entry(func, &(obj)->funcs, node)

/* Oldest first. */
extern struct list_head klpx_patches;

/* @obj has found its module, or has none any more (NULL). */
static inline void klpx_set_target(struct klpx_lobject *obj, struct module *mod)
{
	obj->mod = mod;
	if (obj->desc)
		obj->desc->mod = mod;
}

/* @patch replaces @old, which is on the list and was there before it. */
static inline bool klpx_replaces(const struct klpx_lpatch *patch,
				 const struct klpx_lpatch *old)
{
	return patch->desc->replace &&
	       patch->desc->replace_set == old->desc->replace_set;
}

/* @patch is the last on the list, or not on it yet. */
#define klpx_for_each_replaced(patch, old)				\
	list_for_each_entry(old, &klpx_patches, node)			\
		if ((old) == (patch))					\
			break;						\
		else if (!klpx_replaces(patch, old)) {			\
		} else

#endif /* KLPX_RECORDS_H */
