// SPDX-License-Identifier: GPL-2.0
/* The first "functions" of klpx_many.c return 1. */

#include <linux/module.h>
#include <klpx/livepatch.h>
#include "klpx_many.h"

#define MANY_DEFINE(n)                                                         \
	static noinline unsigned int many_new_##n(void)                        \
	{                                                                      \
		barrier();                                                     \
		return 1;                                                      \
	}
MANY_ALL(MANY_DEFINE)

#define MANY_FUNC(n)                                                           \
	{ .old_name = "klpx_many_" #n, .new_func = many_new_##n },
static struct klpx_func funcs[] = { MANY_ALL(MANY_FUNC) {} };

static struct klpx_object objs[] = {
	{ .name = "klpx_many", .funcs = funcs },
	{}
};

static struct klpx_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

static unsigned int functions = MANY;
module_param(functions, uint, 0444);
static bool stop_machine;
module_param(stop_machine, bool, 0);

static int __init many_init(void)
{
	if (functions > MANY)
		return -EINVAL;
	funcs[functions] = (struct klpx_func){};
	if (stop_machine)
		patch.model = KLPX_MODEL_STOP_MACHINE;
	return klpx_enable_patch(&patch);
}

static void __exit many_exit(void)
{
}
module_init(many_init);
module_exit(many_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
