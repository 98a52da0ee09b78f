// SPDX-License-Identifier: GPL-2.0
/*
 * klpx_coexist_patch.c for the kernel's livepatch. On a kernel without it, a
 * module that does nothing.
 */

#include <linux/livepatch.h>
#include <linux/module.h>
#include "coexist.h"
#include "fixture.h"

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

FIXTURE_MODULE(klp_enable_patch(&patch));
MODULE_INFO(livepatch, "Y");
#else
FIXTURE_MODULE(0);
#endif
