// SPDX-License-Identifier: GPL-2.0
/*
 * A patch that uses private symbols of the target module, a function and a
 * variable, by relocations as klp-build makes them (klpx_model_reloc.klp).
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

static bool twice;
module_param(twice, bool, 0);
MODULE_PARM_DESC(twice, "if the first time fails, retry with pre_patch ok");
static bool spoil;
module_param(spoil, bool, 0);
MODULE_PARM_DESC(spoil, "the last relocation does not fit, the first time");

/* Their relocations are in a separate section, and written in this order. */
static const char **words[] __used = { &target_word, &target_word };

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

static int enable(void)
{
	int ret;

	if (spoil)
		words[1] = (void *)1;
	ret = klp_enable_patch(&patch);
	if (!ret || !twice)
		return ret;
	pr_info("the first time: %d\n", ret);
	if (spoil)
		words[1] = NULL;
	target_error = 0;
	return klp_enable_patch(&patch);
}

FIXTURE_MODULE(enable());
MODULE_INFO(livepatch, "Y");
