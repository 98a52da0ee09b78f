// SPDX-License-Identifier: GPL-2.0
/*
 * klpx_model_reloc.c for the kernel's own livepatch: it uses private symbols of
 * the target module and of vmlinux, by relocations (klpx_adopt_reloc.klp).
 */

#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

extern void model_target_two(struct seq_file *m) __weak;
extern const char *target_word __weak;
extern int cmdline_proc_show(struct seq_file *m, void *v) __weak;

/* Without CONFIG_LIVEPATCH only klp_relocate.py looks at them. */
static __used void reloc_one(struct seq_file *m)
{
	seq_printf(m, "reloc %s ", target_word);
	model_target_two(m);
}

static __used int reloc_version_proc_show(struct seq_file *m, void *v)
{
	return cmdline_proc_show(m, v);
}

#if IS_ENABLED(CONFIG_LIVEPATCH)
static int target_error;
module_param(target_error, int, 0644);
MODULE_PARM_DESC(target_error, "what pre_patch of the target returns");

static int reloc_pre_patch(struct klp_object *obj)
{
	return target_error;
}

static struct klp_func vmlinux_funcs[] = { { .old_name = "version_proc_show",
					     .new_func =
						     reloc_version_proc_show },
					   {} };
static struct klp_func target_funcs[] = {
	{ .old_name = "model_target_one", .new_func = reloc_one }, {}
};
static struct klp_object objs[] = {
	{ .funcs = vmlinux_funcs },
	{
		.name = "klpx_model_target",
		.funcs = target_funcs,
		.callbacks = { .pre_patch = reloc_pre_patch },
	},
	{}
};
static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int __init reloc_init(void)
{
	return klp_enable_patch(&patch);
}

static void __exit reloc_exit(void)
{
}

module_init(reloc_init);
module_exit(reloc_exit);
#endif
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
MODULE_INFO(livepatch, "Y");
