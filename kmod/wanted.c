// SPDX-License-Identifier: GPL-2.0
/*
 * Which modules are wanted, and which come; see wanted.h.
 *
 * A module that comes enters a list and looks for its name among those wanted,
 * in one section under names_lock; if it is there, the patches are applied
 * under klpx_mutex, oldest first. An enable, holding klpx_mutex, enters its
 * names and then takes a coming module for loaded only if that is over: if
 * not, the module's turn comes after the enable, and includes its patch.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "symbols.h"
#include "wanted.h"

/* A module between its COMING and its LIVE (or GOING) notification. */
struct klpx_coming {
	struct list_head node;
	const struct module *mod;
	bool done;	/* the patches that wanted it have been applied */
};

/*
 * Guards the lists. Innermost, but for find_module() and what klpx_mark_going()
 * is given to call.
 */
static DEFINE_SPINLOCK(names_lock);
static LIST_HEAD(coming_modules);
static LIST_HEAD(wanted_objects);	/* klpx_lobject.wanted */
static LIST_HEAD(patch_modules);	/* klpx_lpatch.module_node */

static bool is_wanted(const char *name)
{
	const struct klpx_lobject *obj;

	lockdep_assert_held(&names_lock);
	list_for_each_entry(obj, &wanted_objects, wanted)
		if (!strcmp(obj->name, name))
			return true;
	return false;
}

static struct klpx_coming *find_coming(const struct module *mod)
{
	struct klpx_coming *coming;

	lockdep_assert_held(&names_lock);
	list_for_each_entry(coming, &coming_modules, node)
		if (coming->mod == mod)
			return coming;
	return NULL;
}

/*
 * The module of that name, if it has been announced and is not on its way out.
 */
static struct module *find_target(const char *name)
{
	struct klpx_coming *coming;
	struct module *mod;

	lockdep_assert_held(&names_lock);

	/* find_module() wants preemption off; the spinlock does that. */
	mod = klpx_sym_find_module(name);
	if (!mod)
		return NULL;
	if (mod->state == MODULE_STATE_LIVE)
		return mod;
	if (mod->state != MODULE_STATE_COMING)
		return NULL;
	coming = find_coming(mod);
	return coming && coming->done ? mod : NULL;
}

void klpx_want_modules(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;

	lockdep_assert_held(&klpx_mutex);

	spin_lock(&names_lock);
	klpx_for_each_object(patch, obj) {
		if (!obj->name)
			continue;
		list_add(&obj->wanted, &wanted_objects);
		klpx_set_target(obj, find_target(obj->name));
	}
	spin_unlock(&names_lock);
}

void klpx_unwant_module(struct klpx_lobject *obj)
{
	lockdep_assert_held(&klpx_mutex);

	if (!obj->name)
		return;
	spin_lock(&names_lock);
	list_del_init(&obj->wanted);
	spin_unlock(&names_lock);
	klpx_set_target(obj, NULL);
}

void klpx_unwant_modules(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;

	klpx_for_each_object(patch, obj)
		klpx_unwant_module(obj);
}

void klpx_watch_module(struct klpx_lpatch *patch)
{
	spin_lock(&names_lock);
	list_add(&patch->module_node, &patch_modules);
	spin_unlock(&names_lock);
}

void klpx_unwatch_module(struct klpx_lpatch *patch)
{
	spin_lock(&names_lock);
	list_del(&patch->module_node);
	spin_unlock(&names_lock);
}

static struct klpx_lpatch *find_watched(const struct module *mod)
{
	struct klpx_lpatch *patch;

	lockdep_assert_held(&names_lock);
	list_for_each_entry(patch, &patch_modules, module_node)
		if (patch->desc->mod == mod)
			return patch;
	return NULL;
}

bool klpx_mark_lived(const struct module *mod)
{
	struct klpx_lpatch *patch;

	spin_lock(&names_lock);
	patch = find_watched(mod);
	if (patch)
		WRITE_ONCE(patch->lived, true);
	spin_unlock(&names_lock);
	return patch;
}

void klpx_mark_going(const struct module *mod,
		     void (*fn)(const struct klpx_lpatch *patch))
{
	struct klpx_lpatch *patch;

	spin_lock(&names_lock);
	patch = find_watched(mod);
	if (patch) {
		WRITE_ONCE(patch->going, true);
		fn(patch);
	}
	spin_unlock(&names_lock);
}

struct klpx_coming *klpx_coming_add(const struct module *mod, bool *wanted)
{
	struct klpx_coming *coming = kmalloc(sizeof(*coming), GFP_KERNEL);

	if (!coming)
		return NULL;
	coming->mod = mod;

	spin_lock(&names_lock);
	list_add(&coming->node, &coming_modules);
	*wanted = is_wanted(mod->name);
	coming->done = !*wanted;
	spin_unlock(&names_lock);
	return coming;
}

void klpx_coming_applied(struct klpx_coming *coming)
{
	lockdep_assert_held(&klpx_mutex);

	spin_lock(&names_lock);
	coming->done = true;
	spin_unlock(&names_lock);
}

bool klpx_coming_remove(const struct module *mod, bool *wanted)
{
	struct klpx_coming *coming;

	spin_lock(&names_lock);
	coming = find_coming(mod);
	if (coming)
		list_del(&coming->node);
	*wanted = is_wanted(mod->name);
	spin_unlock(&names_lock);

	kfree(coming);
	return coming;
}

void klpx_coming_free_all(void)
{
	struct klpx_coming *coming, *next;

	list_for_each_entry_safe(coming, next, &coming_modules, node)
		kfree(coming);
}
