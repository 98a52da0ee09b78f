// SPDX-License-Identifier: GPL-2.0
/* Translating a patch of the kernel's own livepatch; see adopted.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/livepatch.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <klpx/names.h>

#include "adopted.h"
#include "pointers.h"

struct klpx_adopted_object {
	struct klp_object *theirs;
	struct klp_callbacks callbacks;
};

/*
 * What klpx_get_prev_state() and klp_get_prev_state() find may be of either
 * kind, whichever kind of patch asks.
 */
static_assert(offsetof(struct klp_state, id) ==
	      offsetof(struct klpx_state, id));
static_assert(offsetof(struct klp_state, version) ==
	      offsetof(struct klpx_state, version));
static_assert(offsetof(struct klp_state, data) ==
	      offsetof(struct klpx_state, data));

static const char no_name[] = "is no string; has the array no end?";

/*
 * A copy of the string at @name, in *@to. NULL, or what is wrong with it.
 * Whether it is a name is description.c's question.
 */
static const char *copy_name(const char *name, const char **to)
{
	char text[KLPX_SYMBOL_LEN];
	int ret = klpx_read_name(text, name, sizeof(text));

	if (ret)
		return ret == -E2BIG ? "is too long" : no_name;
	*to = kstrdup(text, GFP_KERNEL);
	return *to ? NULL : ERR_PTR(-ENOMEM);
}

/* How a refusal is told; @why may be ERR_PTR(-ENOMEM), which is not told. */
static int refuse(const struct module *mod, const char *what,
		  unsigned int index, const char *why)
{
	if (IS_ERR(why))
		return PTR_ERR(why);
	pr_err("'%s': %s %u %s\n", mod->name, what, index, why);
	return -EINVAL;
}

/* How the three arrays of a description end. */
static bool is_last_object(const void *element)
{
	const struct klp_object *obj = element;

	return !obj->funcs && !obj->name;
}

static bool is_last_func(const void *element)
{
	const struct klp_func *func = element;

	return !func->old_name && !func->new_func && !func->old_sympos;
}

static bool is_last_state(const void *element)
{
	const struct klp_state *state = element;

	return !state->id;
}

struct array {
	const char *what;	/* its elements, for the log */
	const void *at;
	size_t size;		/* of one */
	unsigned int max;
	bool (*is_last)(const void *element);
};

union element {
	struct klp_object obj;
	struct klp_func func;
	struct klp_state state;
};

/*
 * The number of elements, or -EINVAL. Each is read with the same care again when
 * it is translated: nothing keeps the author from changing it meanwhile.
 */
static int count_elements(const struct module *mod, const struct array *array)
{
	union element copy;
	const char *why;
	unsigned int i;

	for (i = 0;; i++) {
		why = klpx_why_no_element(mod, array->at,
					  array->at + i * array->size, &copy,
					  array->size);
		if (!why && array->is_last(&copy))
			return i;
		if (!why && i == array->max)
			why = "are too many";
		if (why)
			break;
		cond_resched();
	}
	pr_err("'%s': its %s %s\n", mod->name, array->what, why);
	return -EINVAL;
}

static int translate_func(const struct module *mod, struct klp_func *theirs,
			  unsigned int index, struct klpx_func *func)
{
	struct klp_func copy;
	const char *why;

	if (!klpx_read(&copy, theirs, sizeof(copy)))
		return -EINVAL;
	/* So that klpx_adopted_free() finds the names by the end of the array. */
	if (!copy.old_name)
		return refuse(mod, "function", index, "has no old_name");
	func->new_func = copy.new_func;
	func->old_sympos = copy.old_sympos;
	why = copy_name(copy.old_name, &func->old_name);
	return why ? refuse(mod, "name of function", index, why) : 0;
}

static int translate_funcs(const struct module *mod, struct klp_func *theirs,
			   struct klpx_object *obj)
{
	const struct array array = {
		"functions", theirs, sizeof(*theirs), KLPX_MAX_FUNCTIONS,
		is_last_func,
	};
	int i, ret, n = count_elements(mod, &array);

	if (n < 0)
		return n;
	obj->funcs = kvcalloc(n + 1, sizeof(*obj->funcs), GFP_KERNEL);
	if (!obj->funcs)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		ret = translate_func(mod, theirs + i, i, obj->funcs + i);
		if (ret)
			return ret;
		cond_resched();
	}
	return 0;
}

/*
 * The callbacks lose their types here: description.c only checks where they
 * point, and the functions below call the copies in struct klpx_adopted_object.
 */
static void translate_callbacks(const struct klp_callbacks *theirs,
				struct klpx_callbacks *callbacks)
{
	callbacks->pre_patch = (void *)theirs->pre_patch;
	callbacks->post_patch = (void *)theirs->post_patch;
	callbacks->pre_unpatch = (void *)theirs->pre_unpatch;
	callbacks->post_unpatch = (void *)theirs->post_unpatch;
}

static int translate_object(const struct module *mod, struct klp_object *theirs,
			    unsigned int index, struct klpx_object *obj,
			    struct klpx_adopted_object *adopted)
{
	struct klp_object copy;
	const char *why = NULL;

	if (!klpx_read(&copy, theirs, sizeof(copy)))
		return -EINVAL;
	adopted->theirs = theirs;
	adopted->callbacks = copy.callbacks;
	translate_callbacks(&copy.callbacks, &obj->callbacks);
	if (copy.name)
		why = copy_name(copy.name, &obj->name);
	if (why)
		return refuse(mod, "name of object", index, why);
	/* It was none when they were counted. */
	if (is_last_object(&copy))
		return -EINVAL;
	/* One without functions is refused by description.c. */
	return copy.funcs ? translate_funcs(mod, copy.funcs, obj) : 0;
}

static int translate_objects(struct klpx_adopted *adopted,
			     struct klp_object *theirs)
{
	struct klpx_patch *desc = &adopted->desc;
	const struct array array = {
		"objects", theirs, sizeof(*theirs), KLPX_MAX_OBJECTS,
		is_last_object,
	};
	int i, ret, n = count_elements(desc->mod, &array);

	if (n < 0)
		return n;
	desc->objs = kvcalloc(n + 1, sizeof(*desc->objs), GFP_KERNEL);
	adopted->objects = kvcalloc(n + 1, sizeof(*adopted->objects),
				    GFP_KERNEL);
	if (!desc->objs || !adopted->objects)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		ret = translate_object(desc->mod, theirs + i, i, desc->objs + i,
				       adopted->objects + i);
		if (ret)
			return ret;
	}
	return 0;
}

static int translate_states(struct klpx_adopted *adopted,
			    struct klp_state *theirs)
{
	struct klpx_patch *desc = &adopted->desc;
	const struct array array = {
		"states", theirs, sizeof(*theirs), KLPX_MAX_STATES,
		is_last_state,
	};
	struct klp_state copy;
	int i, n;

	n = theirs ? count_elements(desc->mod, &array) : 0;
	if (n <= 0)
		return n;
	adopted->states = theirs;
	desc->states = kvcalloc(n + 1, sizeof(*desc->states), GFP_KERNEL);
	if (!desc->states)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		if (!klpx_read(&copy, theirs + i, sizeof(copy)))
			return -EINVAL;
		desc->states[i].id = copy.id;
		desc->states[i].version = copy.version;
		desc->states[i].data = copy.data;
	}
	return 0;
}

static int translate_patch(struct klpx_adopted *adopted, struct klp_patch *theirs)
{
	const struct module *mod = adopted->desc.mod;
	const char *why = NULL;
	struct klp_patch copy;
	int ret;

	if (!klpx_read(&copy, theirs, sizeof(copy)))
		why = "cannot be read";
	else if (!klpx_stays(mod, theirs, sizeof(copy)))
		why = KLPX_GOES;
	else if (!copy.objs)
		why = "has no objects";
	if (why) {
		pr_err("'%s': its struct klp_patch %s\n", mod->name, why);
		return -EINVAL;
	}
	adopted->desc.replace = copy.replace;
	ret = translate_objects(adopted, copy.objs);
	return ret ?: translate_states(adopted, copy.states);
}

struct klpx_adopted *klpx_adopted_new(struct klp_patch *theirs,
				      struct module *mod)
{
	struct klpx_adopted *adopted = kzalloc(sizeof(*adopted), GFP_KERNEL);
	int ret;

	if (!adopted)
		return ERR_PTR(-ENOMEM);
	adopted->desc.mod = mod;
	ret = translate_patch(adopted, theirs);
	if (!ret)
		return adopted;
	klpx_adopted_free(adopted);
	return ERR_PTR(ret);
}

static void free_object(struct klpx_object *obj)
{
	struct klpx_func *func;

	for (func = obj->funcs; func && func->old_name; func++)
		kfree(func->old_name);
	kvfree(obj->funcs);
	kfree(obj->name);
}

void klpx_adopted_free(struct klpx_adopted *adopted)
{
	struct klpx_object *obj;

	for (obj = adopted->desc.objs; obj && (obj->funcs || obj->name); obj++)
		free_object(obj);
	kvfree(adopted->desc.objs);
	kvfree(adopted->desc.states);
	kvfree(adopted->objects);
	kfree(adopted);
}

struct klpx_adopted_object *klpx_adopted_object(const struct klpx_adopted *adopted,
						size_t i)
{
	return adopted->objects + i;
}

/*
 * The kernel's own directory, which is there from boot on and stays; its
 * kobject is not exported. Not found: NULL.
 */
static struct kobject *find_livepatch_root(void)
{
	struct kernfs_node *node = kernfs_find_and_get(kernel_kobj->sd,
						       "livepatch");
	struct kobject *root = node ? node->priv : NULL;

	kernfs_put(node);
	return root;
}

int klpx_adopted_link(struct klpx_lpatch *patch)
{
	struct kobject *root = find_livepatch_root();
	int ret;

	if (!root)
		return -ENOENT;
	ret = sysfs_create_link_nowarn(root, &patch->kobj, patch->name);
	patch->adopted->linked = !ret;
	if (ret == -EEXIST)
		pr_err("'%s': the kernel's own livepatch has a patch of that name\n",
		       patch->name);
	return ret;
}

void klpx_adopted_unlink(struct klpx_lpatch *patch)
{
	if (patch->adopted->linked)
		sysfs_remove_link(find_livepatch_root(), patch->name);
	patch->adopted->linked = false;
}

/* What a callback is given, with what it may read about the target. */
static struct klp_object *their_object(const struct klpx_lobject *obj)
{
	struct klp_object *theirs = obj->adopted->theirs;

	theirs->mod = obj->mod;
	theirs->patched = obj->patched;
	return theirs;
}

int klpx_adopted_pre_patch(const struct klpx_lobject *obj)
{
	const struct klp_callbacks *callbacks = &obj->adopted->callbacks;

	return callbacks->pre_patch ? callbacks->pre_patch(their_object(obj)) :
				      0;
}

#define DEFINE_CALLBACK(name)						\
void klpx_adopted_##name(const struct klpx_lobject *obj)		\
{									\
	if (obj->adopted->callbacks.name)				\
		obj->adopted->callbacks.name(their_object(obj));	\
}
DEFINE_CALLBACK(post_patch)
DEFINE_CALLBACK(pre_unpatch)
DEFINE_CALLBACK(post_unpatch)

struct klp_state *klpx_adopted_state(const struct klpx_adopted *adopted,
				     const struct klpx_state *state)
{
	return adopted->states + (state - adopted->desc.states);
}

void klpx_adopted_refresh(const struct klpx_adopted *adopted,
			  struct klpx_state *state)
{
	struct klp_state copy;

	if (klpx_read(&copy, klpx_adopted_state(adopted, state), sizeof(copy)))
		state->data = copy.data;
}
