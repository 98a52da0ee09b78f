// SPDX-License-Identifier: GPL-2.0
/*
 * Module notifiers. A module that no patch names passes without waiting for
 * klpx_mutex, whatever transition runs.
 *
 * A module that comes enters a list and looks for its name among those wanted,
 * in one section under names_lock; if it is there, the patches are applied
 * under klpx_mutex, oldest first. An enable, holding klpx_mutex, enters its
 * names and then takes a coming module for loaded only if that is over: if
 * not, the module's turn comes after the enable, and includes its patch.
 *
 * The going notifier takes klpx_mutex before the module's memory is freed, so
 * klpx_lobject.mod needs no reference: whoever holds klpx_mutex can use it.
 * What is done to a target then is in targets.c.
 *
 * All notifiers run under the rwsem of their chain, so what they wait for is
 * waited for by each module load of the machine as soon as another module
 * (un)registers a notifier. That is klpx_mutex, which is never held until some
 * task has left a function; the callbacks of patches run under it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "evict.h"
#include "modules.h"
#include "muted.h"
#include "symbols.h"
#include "targets.h"
#include "waiting.h"

/* A module between its COMING and its LIVE (or GOING) notification. */
struct coming {
	struct list_head node;
	const struct module *mod;
	bool done;	/* the patches that were there have been applied */
};

/* Guards the lists. Innermost, except that find_module() is called inside. */
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

static struct coming *find_coming(const struct module *mod)
{
	struct coming *coming;

	lockdep_assert_held(&names_lock);
	list_for_each_entry(coming, &coming_modules, node)
		if (coming->mod == mod)
			return coming;
	return NULL;
}

/* The module of that name, if it has been told of and is not on its way out. */
static struct module *find_target(const char *name)
{
	struct coming *coming;
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

void klpx_modules_want(struct klpx_lpatch *patch)
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

void klpx_modules_unwant_object(struct klpx_lobject *obj)
{
	lockdep_assert_held(&klpx_mutex);

	if (!obj->name)
		return;
	spin_lock(&names_lock);
	list_del_init(&obj->wanted);
	spin_unlock(&names_lock);
	klpx_set_target(obj, NULL);
}

void klpx_modules_unwant(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;

	klpx_for_each_object(patch, obj)
		klpx_modules_unwant_object(obj);
}

void klpx_modules_watch(struct klpx_lpatch *patch)
{
	spin_lock(&names_lock);
	list_add(&patch->module_node, &patch_modules);
	spin_unlock(&names_lock);
}

void klpx_modules_unwatch(struct klpx_lpatch *patch)
{
	spin_lock(&names_lock);
	list_del(&patch->module_node);
	spin_unlock(&names_lock);
}

static struct klpx_lpatch *find_patch(const struct module *mod)
{
	struct klpx_lpatch *patch;

	lockdep_assert_held(&names_lock);
	list_for_each_entry(patch, &patch_modules, module_node)
		if (patch->desc->mod == mod)
			return patch;
	return NULL;
}

/* module_init() of a patch module has succeeded. */
static void on_patch_live(const struct module *mod)
{
	struct klpx_lpatch *patch;

	spin_lock(&names_lock);
	patch = find_patch(mod);
	if (patch)
		WRITE_ONCE(patch->lived, true);
	spin_unlock(&names_lock);
	if (!patch)
		return;

	klpx_lock();
	klpx_waiting_end(mod);
	klpx_unlock();
}

/*
 * A patch module goes before its patch has gone. Nothing is waited for here:
 * free_module() waits, see evict.c. One that has been retired by now, or is
 * soon, is on its way already (free_patch()).
 */
static void on_patch_going(const struct module *mod)
{
	struct klpx_lpatch *patch;

	spin_lock(&names_lock);
	patch = find_patch(mod);
	if (patch) {
		WRITE_ONCE(patch->going, true);
		klpx_evict(patch);
	}
	spin_unlock(&names_lock);
}

/* Takes @mod off the list; whether it was on it, and whether it is wanted. */
static bool forget_coming(const struct module *mod, bool *wanted)
{
	struct coming *coming;

	spin_lock(&names_lock);
	coming = find_coming(mod);
	if (coming)
		list_del(&coming->node);
	*wanted = is_wanted(mod->name);
	spin_unlock(&names_lock);

	kfree(coming);
	return coming;
}

static int on_coming(struct module *mod)
{
	struct coming *coming;
	bool wanted;
	int ret;

	if (!strcmp(mod->name, "vmlinux")) {
		pr_err("vmlinux.ko: invalid module name\n");
		return -EINVAL;
	}

	coming = kmalloc(sizeof(*coming), GFP_KERNEL);
	if (!coming)
		return -ENOMEM;
	coming->mod = mod;

	spin_lock(&names_lock);
	list_add(&coming->node, &coming_modules);
	wanted = is_wanted(mod->name);
	coming->done = !wanted;
	spin_unlock(&names_lock);
	if (!wanted)
		return 0;

	klpx_lock();
	ret = klpx_apply_all(mod);
	spin_lock(&names_lock);
	coming->done = true;
	spin_unlock(&names_lock);
	klpx_unlock();
	/* A refused module gets no GOING from the chain. */
	if (ret)
		forget_coming(mod, &wanted);
	return ret;
}

/*
 * One that is not on the list was being loaded when klpx.ko came. Its code has
 * run by now, so it cannot be refused any more: a failure is reported.
 */
static void on_live(struct module *mod)
{
	bool wanted;

	if (forget_coming(mod, &wanted) || !wanted)
		return;

	klpx_lock();
	klpx_apply_all(mod);
	klpx_unlock();
}

static void on_going(struct module *mod)
{
	bool wanted;

	forget_coming(mod, &wanted);
	if (wanted) {
		klpx_lock();
		klpx_revert_all(mod);
		klpx_unlock();
	}
	/* ftrace must not find its addresses in another module. */
	klpx_muted_flush(mod);
}

/*
 * First of all: before anyone can call into the module. It gets a GOING for a
 * module that is still coming if a later notifier has refused it; the last one
 * then gets none.
 */
static int first_notifier(struct notifier_block *nb, unsigned long state,
			  void *data)
{
	struct module *mod = data;

	if (state == MODULE_STATE_COMING)
		return notifier_from_errno(on_coming(mod));
	if (state == MODULE_STATE_LIVE) {
		on_live(mod);
		on_patch_live(mod);
	}
	if (state == MODULE_STATE_GOING && mod->state == MODULE_STATE_COMING)
		on_going(mod);
	return NOTIFY_OK;
}

/* Last of all: when nobody calls into it any more. */
static int last_notifier(struct notifier_block *nb, unsigned long state,
			 void *mod)
{
	if (state == MODULE_STATE_GOING) {
		on_going(mod);
		on_patch_going(mod);
	}
	return NOTIFY_OK;
}

static struct notifier_block first_nb = {
	.notifier_call = first_notifier,
	.priority = INT_MAX,
};

static struct notifier_block last_nb = {
	.notifier_call = last_notifier,
	.priority = INT_MIN,
};

int klpx_modules_init(void)
{
	int ret;

	ret = register_module_notifier(&last_nb);
	if (ret)
		return ret;
	ret = register_module_notifier(&first_nb);
	if (ret)
		unregister_module_notifier(&last_nb);
	return ret;
}

void klpx_modules_exit(void)
{
	struct coming *coming, *next;

	unregister_module_notifier(&first_nb);
	unregister_module_notifier(&last_nb);
	list_for_each_entry_safe(coming, next, &coming_modules, node)
		kfree(coming);
}
