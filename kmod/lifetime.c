// SPDX-License-Identifier: GPL-2.0
/*
 * The life and death of records; see lifetime.h. A record is on klpx_patches
 * from enable.c until klpx_retire_patch(); the directory in sysfs, and with it
 * the record, goes later, from a work item that holds no lock: its removal
 * waits for readers and stores, and those may wait for klpx_mutex.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "adopted.h"
#include "fastmode.h"
#include "lifetime.h"
#include "sysfs.h"
#include "wanted.h"

/* Frees patches: not from a sysfs store, which the removal would wait for. */
static struct workqueue_struct *free_wq;

int klpx_lifetime_init(void)
{
	free_wq = alloc_workqueue("klpx_free", WQ_UNBOUND, 0);
	return free_wq ? 0 : -ENOMEM;
}

/*
 * No patch is left: each pins klpx.ko through its module or, if it is adopted,
 * by a reference of adopt_calls.c.
 */
void klpx_lifetime_exit(void)
{
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

/* The files go first: a reader of one may be at any record of the patch. */
static void delete_records(struct klpx_lpatch *patch)
{
	klpx_sysfs_remove(patch);
	klpx_unwatch_module(patch);
	kfree(patch);
}

/* After the last task has left it; no lock held. */
static void free_patch(struct work_struct *work)
{
	struct klpx_lpatch *patch =
		container_of(work, struct klpx_lpatch, free_work);
	struct klpx_adopted *adopted = patch->adopted;
	struct module *mod = patch->desc->mod;
	bool forced = patch->forced;

	delete_records(patch);
	/*
	 * A forced task may run the module's code until the machine stops:
	 * then rmmod --force waits as long, rather than free it.
	 */
	if (!forced)
		unpin_module(mod);
	if (adopted)
		adopted->release(adopted, forced);
}

void klpx_retire_patch(struct klpx_lpatch *patch)
{
	lockdep_assert_held(&klpx_mutex);

	list_del_init(&patch->node);
	klpx_unwant_modules(patch);
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
	/*
	 * Callbacks get a copy: .mod is written, and the author's may be const.
	 */
	if (desc) {
		obj->copy = *desc;
		obj->copy.mod = NULL;
		obj->desc = &obj->copy;
		if (klpx_is_adopted(patch))
			obj->adopted =
				klpx_adopted_object(patch->adopted,
						    desc - patch->desc->objs);
	}
	obj->name = name;
	INIT_LIST_HEAD(&obj->wanted);
	INIT_LIST_HEAD(&obj->funcs);
	klpx_sysfs_init_object(obj);
	list_add_tail(&obj->node, &patch->objects);
	return obj;
}

struct klpx_lpatch *klpx_new_patch(const struct klpx_patch *desc)
{
	struct klpx_lpatch *patch;
	int ret;

	ret = pin_module(desc->mod);
	if (ret)
		return ERR_PTR(ret);
	patch = kzalloc(sizeof(*patch), GFP_KERNEL);
	if (!patch) {
		unpin_module(desc->mod);
		return ERR_PTR(-ENOMEM);
	}

	patch->desc = desc;
	patch->name = desc->mod->name;
	patch->fastpath = klpx_fastpath_default();
	INIT_LIST_HEAD(&patch->node);
	INIT_LIST_HEAD(&patch->objects);
	INIT_WORK(&patch->free_work, free_patch);
	klpx_sysfs_init_patch(patch);
	klpx_watch_module(patch);
	return patch;
}

/* delete_records() frees them all, whatever has become of the patch. */
void klpx_drop_patch(struct klpx_lpatch *patch)
{
	struct module *mod = patch->desc->mod;

	delete_records(patch);
	unpin_module(mod);
}
