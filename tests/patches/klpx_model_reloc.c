// SPDX-License-Identifier: GPL-2.0
/*
 * A patch that uses what the target module keeps to itself, by relocations as
 * klp-build makes them (klpx_model_reloc.klp): a function and a variable.
 */

#include <klpx/upstream.h>

#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include "fixture.h"

static int target_error;
module_param(target_error, int, 0644);
MODULE_PARM_DESC(target_error, "what pre_patch of the target returns");

extern void model_target_two(struct seq_file *m) __weak;
extern const char *target_word __weak;

static void reloc_one(struct seq_file *m)
{
	seq_printf(m, "reloc %s ", target_word);
	model_target_two(m);
}

static int reloc_pre_patch(struct klp_object *obj)
{
	return target_error;
}

static struct klp_func funcs[] = {
	{ .old_name = "model_target_one", .new_func = reloc_one },
	{}
};
static struct klp_object objs[] = {
	{
		.name = "klpx_model_target",
		.funcs = funcs,
		.callbacks = { .pre_patch = reloc_pre_patch },
	},
	{}
};
static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objs };

FIXTURE_MODULE(klp_enable_patch(&patch));
MODULE_INFO(livepatch, "Y");
