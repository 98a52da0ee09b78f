// SPDX-License-Identifier: GPL-2.0
/* The same function as klpx_test_version1, but for the kernel's livepatch. */

#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#if IS_ENABLED(CONFIG_LIVEPATCH)
static int upstream_version_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "klpx_test_upstream\n");
	return 0;
}

static struct klp_func funcs[] = {
	{
		.old_name = "version_proc_show",
		.new_func = upstream_version_proc_show,
	},
	{}
};
static struct klp_object objs[] = { { .funcs = funcs }, {} };
static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int __init upstream_init(void)
{
	return klp_enable_patch(&patch);
}

static void __exit upstream_exit(void)
{
}

module_init(upstream_init);
module_exit(upstream_exit);
MODULE_INFO(livepatch, "Y");
#endif

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
