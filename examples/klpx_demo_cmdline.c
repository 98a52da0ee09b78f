// SPDX-License-Identifier: GPL-2.0
/*
 * The smallest live patch: /proc/cmdline says something new while it is
 * enabled. The kernel's own livepatch has the same sample.
 *
 *   $ klp-controller enable klpx_demo_cmdline.ko
 *   $ cat /proc/cmdline
 *   this has been live patched
 *   $ klp-controller disable klpx_demo_cmdline
 */

#include <linux/module.h>
#include <linux/seq_file.h>
#include <klpx/livepatch.h>

/* Replaces cmdline_proc_show() of fs/proc/cmdline.c: same prototype. */
static int demo_cmdline_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "this has been live patched\n");
	return 0;
}

/* The function, and its replacement. An empty element ends the array. */
static struct klpx_func funcs[] = {
	{
		.old_name = "cmdline_proc_show",
		.new_func = demo_cmdline_proc_show,
	},
	{}
};

/* The object that it is in: no name means the kernel itself (vmlinux). */
static struct klpx_object objs[] = {
	{ .funcs = funcs },
	{}
};

static struct klpx_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
	.version = 1,
};

/* Starts the transition, which continues after the module has been loaded. */
static int __init demo_init(void)
{
	return klpx_enable_patch(&patch);
}

/* Runs only after the patch has been disabled: nothing is left to do. */
static void __exit demo_exit(void)
{
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx example: a new text in /proc/cmdline");
