// SPDX-License-Identifier: GPL-2.0
/*
 * A patch module as it is on disk, built without a kernel: .modinfo, the module
 * record, and a patch of two objects described in static data.
 */
#include "module_head.h"

int klp_enable_patch(void *patch);

static int new_open(void)
{
	return 1;
}

static int new_close(void)
{
	return 2;
}

static int before(struct klpx_object *object)
{
	return !object;
}

static void after(struct klpx_object *object)
{
	object->mod = 0;
}

static int bring(struct klpx_patch *patch, struct klpx_state *state)
{
	return patch->states != state;
}

static void drop(void *object, void *data)
{
	*(void **)data = object;
}

static struct klpx_func vmlinux_funcs[] = {
	{ .old_name = "do_open", .new_func = new_open },
	{ .old_name = "do_close", .new_func = new_close, .old_sympos = 2 },
	{}
};

static struct klpx_func other_funcs[] = {
	{ .old_name = "other_open", .new_func = new_open },
	{}
};

static struct klpx_object objects[] = {
	{ .funcs = vmlinux_funcs },
	{ .name = "other",
	  .funcs = other_funcs,
	  .callbacks = { .pre_patch = before, .post_unpatch = after } },
	{}
};

static struct klpx_state states[] = {
	{ .id = 7,
	  .version = 2,
	  .name = "sockets",
	  .is_shadow = true,
	  .callbacks = { .pre_patch = bring, .shadow_dtor = drop } },
	{ .id = 8, .block_disable = true },
	{}
};

/* Also begins with a pointer to the module, as struct file_operations does. */
struct decoy {
	struct module *owner;
	int (*open)(void);
};

struct decoy decoy = { THIS_MODULE, new_open };

struct klpx_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
	.states = states,
	.replace = true,
	.replace_set = 3,
	.version = 12,
	.model = KLPX_MODEL_STOP_MACHINE,
};

int init_module(void)
{
#if defined(ENGINE_KLPX)
	return klpx_enable_patch(&patch);
#elif defined(ENGINE_KERNEL)
	return klp_enable_patch(&patch);
#else
	return decoy.open();
#endif
}
