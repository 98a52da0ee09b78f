// SPDX-License-Identifier: GPL-2.0
/*
 * A patch for the state API that was proposed for the kernel's livepatch
 * (callbacks per state, block_disable, is_shadow), built for klpx by the first
 * include. It keeps a count of reads in a shadow variable.
 */

#include <klpx/upstream.h>

#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "model_helper.h"

#define COUNT_ID 41
#define CHANGE_ID 42

static bool blocked;
module_param(blocked, bool, 0);

static void states_one(struct seq_file *m)
{
	int *calls = klp_shadow_get_or_alloc((void *)COUNT_ID, COUNT_ID,
					     sizeof(*calls), GFP_KERNEL, NULL,
					     NULL);

	seq_printf(m, "states%d ", calls ? ++*calls : -1);
}

static void count_dtor(void *obj, void *shadow_data)
{
	klpx_model_log("states", "dtor", "count");
}

#define STATES_CALLBACK(verb)                                                  \
	static void states_##verb(struct klp_patch *patch,                     \
				  struct klp_state *state)                     \
	{                                                                      \
		klpx_model_log("states", #verb, state->data);                  \
	}
STATES_CALLBACK(post_patch)
STATES_CALLBACK(pre_unpatch)
STATES_CALLBACK(post_unpatch)

static int states_pre_patch(struct klp_patch *patch, struct klp_state *state)
{
	klpx_model_log("states", "pre_patch", state->data);
	return klp_get_state(patch, state->id) == state ? 0 : -EIO;
}

static struct klp_func funcs[] = {
	{ .old_name = "model_target_one", .new_func = states_one },
	{}
};
static struct klp_object objs[] = {
	{ .name = "klpx_model_target", .funcs = funcs },
	{}
};
static struct klp_state states[] = {
	{
		.id = COUNT_ID,
		.is_shadow = true,
		.callbacks = { .shadow_dtor = count_dtor },
	},
	{
		.id = CHANGE_ID,
		.data = "change",
		.callbacks = {
			.pre_patch = states_pre_patch,
			.post_patch = states_post_patch,
			.pre_unpatch = states_pre_unpatch,
			.post_unpatch = states_post_unpatch,
		},
	},
	{}
};
static struct klp_patch patch = {
	.mod = THIS_MODULE, .objs = objs, .states = states, .replace = true,
	.replace_set = 4,
};

static int __init states_init(void)
{
	states[1].block_disable = blocked;
	return klp_enable_patch(&patch);
}

static void __exit states_exit(void)
{
}

module_init(states_init);
module_exit(states_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
MODULE_DESCRIPTION("klpx test fixture");
