// SPDX-License-Identifier: GPL-2.0
/*
 * klpx_coexist_patch.c for the kernel's livepatch. On a kernel without it, a
 * module that does nothing.
 */

#include <linux/livepatch.h>
#include <linux/module.h>
#include "coexist.h"

#if IS_ENABLED(CONFIG_LIVEPATCH) || defined(KLPX_UPSTREAM_H)
static int new_value(void)
{
	return COEXIST_NEW;
}

static int new_hold(void)
{
	klpx_coexist_serve();
	return COEXIST_NEW;
}

static struct klp_func funcs[] = {
	{ .old_name = "klpx_coexist_value", .new_func = new_value },
	{ .old_name = "klpx_coexist_hold", .new_func = new_hold },
	{}
};
static struct klp_object objs[] = {
	{ .name = "klpx_coexist_target", .funcs = funcs },
	{}
};
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
