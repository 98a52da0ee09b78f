// SPDX-License-Identifier: GPL-2.0
/*
 * A patch as in sources for the kernel's livepatch of 7.x: described in a
 * section, in the form that tools write, from which module_init() makes a
 * klp_patch on the heap; callbacks by the macros of livepatch_helpers.h, if the
 * kernel has it.
 */

#include <klpx/upstream.h>

#include <linux/livepatch.h>
#if __has_include(<linux/livepatch_helpers.h>)
#include <linux/livepatch_helpers.h>
#endif
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "model_helper.h"

#define EXT_SECTION ".init.klp_objects_test"

static void ext_one(struct seq_file *m)
{
	seq_puts(m, "ext ");
}

static int ext_pre_patch(struct klp_object *obj)
{
	klpx_model_log("ext", "pre_patch", obj->name);
	return 0;
}

#ifdef KLP_PRE_PATCH_CALLBACK
KLP_PRE_PATCH_CALLBACK(ext_pre_patch);
#endif

static struct klp_func_ext ext_funcs[] = {
	{ .old_name = "model_target_one", .new_func = ext_one, .sympos = 1 },
};
static struct klp_object_ext ext_objects[] __used __section(EXT_SECTION) = {
	{
		.name = "klpx_model_target",
		.funcs = ext_funcs,
		.nr_funcs = ARRAY_SIZE(ext_funcs),
		.callbacks = { .pre_patch = ext_pre_patch },
	},
};

/* Makes two allocations and the patch, which the module keeps. */
static struct {
	struct klp_patch patch;
	struct klp_object objs[2];
	struct klp_func funcs[2];
} *made;

static int make(const struct klp_object_ext *ext)
{
	made = kzalloc(sizeof(*made), GFP_KERNEL);
	if (!made)
		return -ENOMEM;
	made->funcs[0] = (struct klp_func){
		.old_name = ext->funcs->old_name,
		.new_func = ext->funcs->new_func,
		.old_sympos = ext->funcs->sympos,
	};
	made->objs[0] = (struct klp_object){
		.name = ext->name,
		.funcs = made->funcs,
		.callbacks = ext->callbacks,
	};
	made->patch = (struct klp_patch){
		.mod = THIS_MODULE, .objs = made->objs, .replace = true,
	};
	return 0;
}

static int __init ext_init(void)
{
	size_t size;
	const struct klp_object_ext *found =
		klp_find_section_by_name(THIS_MODULE, EXT_SECTION, &size);
	int ret;

	/* A kernel without CONFIG_LIVEPATCH has discarded the position. */
	if (!IS_ENABLED(CONFIG_LIVEPATCH) && !found && !size)
		found = ext_objects;
	else if (found != ext_objects || size != sizeof(ext_objects))
		return -EIO;
	if (klp_find_section_by_name(THIS_MODULE, ".none", &size) || size)
		return -EIO;

	ret = make(found);
	if (!ret)
		ret = klp_enable_patch(&made->patch);
	if (ret)
		kfree(made);
	return ret;
}

static void __exit ext_exit(void)
{
	kfree(made);
}

module_init(ext_init);
module_exit(ext_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
MODULE_DESCRIPTION("klpx test fixture");
