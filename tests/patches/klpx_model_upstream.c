// SPDX-License-Identifier: GPL-2.0
/*
 * A patch of a module, written for the kernel's own livepatch and built for
 * klpx by the first include: with callbacks, a state and a shadow variable. Its
 * log goes to klpx_model_helper.
 */

#include <klpx/upstream.h>

/* A pr_fmt of its own after the first include must not warn. */
#define pr_fmt(fmt) "upstream: " fmt
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "model_helper.h"

#define STATE_ID 40

static void upstream_one(struct seq_file *m)
{
	int *calls = klp_shadow_get_or_alloc((void *)STATE_ID, STATE_ID,
					     sizeof(*calls), GFP_KERNEL, NULL,
					     NULL);

	seq_printf(m, "upstream%d ", calls ? ++*calls : -1);
}

static int upstream_pre_patch(struct klp_object *obj)
{
	klpx_model_log("upstream", "pre_patch", obj->mod->name);
	/* Not allowed on loading the module: there is no transition then. */
	if (obj->mod->state == MODULE_STATE_LIVE)
		return klp_get_prev_state(STATE_ID) ? -EINVAL : 0;
	return 0;
}

static void upstream_post_unpatch(struct klp_object *obj)
{
	klpx_model_log("upstream", "post_unpatch", obj->mod->name);
	klp_shadow_free_all(STATE_ID, NULL);
}

static struct klp_func funcs[] = {
	{ .old_name = "model_target_one", .new_func = upstream_one },
	{}
};
static struct klp_object objs[] = {
	{
		.name = "klpx_model_target",
		.funcs = funcs,
		.callbacks = { .pre_patch = upstream_pre_patch,
			       .post_unpatch = upstream_post_unpatch },
	},
	{}
};
static struct klp_state states[] = { { .id = STATE_ID, .version = 1 }, {} };
static struct klp_patch patch = {
	.mod = THIS_MODULE, .objs = objs, .states = states, .replace = true,
};

static int __init upstream_init(void)
{
	if (klp_get_state(&patch, STATE_ID) != &states[0])
		return -EIO;
	return klp_enable_patch(&patch);
}

static void __exit upstream_exit(void)
{
}

module_init(upstream_init);
module_exit(upstream_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
MODULE_DESCRIPTION("klpx test fixture");
