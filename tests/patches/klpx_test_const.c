// SPDX-License-Identifier: GPL-2.0
/*
 * Its whole description is in memory that is read-only once the module has been
 * loaded: of a module that is loaded and unloaded, with callbacks and states.
 */

#include "fixture.h"
#include "model_helper.h"

static void const_one(struct seq_file *m)
{
	seq_puts(m, "const ");
}

static int const_pre_patch(struct klpx_object *obj)
{
	klpx_model_log("const", "pre_patch", obj->mod->name);
	return 0;
}

static void const_post_unpatch(struct klpx_object *obj)
{
	klpx_model_log("const", "post_unpatch", obj->mod->name);
}

static int const_bring(struct klpx_patch *patch, struct klpx_state *state)
{
	klpx_model_log("const", "bring", state->name);
	return 0;
}

static void const_take(struct klpx_patch *patch, struct klpx_state *state)
{
	klpx_model_log("const", "take", state->name);
}

static struct klpx_func funcs[] __ro_after_init = {
	FIXTURE_FUNC("model_target_one", const_one),
	{}
};
static struct klpx_object objs[] __ro_after_init = {
	{
		.name = "klpx_model_target",
		.funcs = funcs,
		.callbacks = { .pre_patch = const_pre_patch,
			       .post_unpatch = const_post_unpatch },
	},
	{}
};
static struct klpx_state states[] __ro_after_init = {
	{
		.id = 7,
		.name = "seven",
		.callbacks = { .pre_patch = const_bring,
			       .post_unpatch = const_take },
	},
	{}
};
static const struct klpx_patch patch = {
	.mod = THIS_MODULE, .objs = objs, .states = states,
};

FIXTURE_MODULE(klpx_enable_patch(&patch));
