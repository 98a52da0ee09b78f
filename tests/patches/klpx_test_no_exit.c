// SPDX-License-Identifier: GPL-2.0
/* Without module_exit(), on purpose: its module stays until reboot. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_test_no_exit")

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_object objs[] = { { .funcs = funcs }, {} };
static const struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int __init enable(void)
{
	return klpx_enable_patch(&patch);
}

module_init(enable);
MODULE_INFO(klpx_permanent, "Y");
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
