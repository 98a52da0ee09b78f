// SPDX-License-Identifier: GPL-2.0
/*
 * klpx_test_waits.c for the kernel's own livepatch: functions that tasks sleep
 * in, and one that shows on which side the reader is. On a kernel without it, a
 * module that does nothing. replace: it replaces all enabled patches.
 */

#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include "fixture.h"

#if IS_ENABLED(CONFIG_LIVEPATCH)
#include "waits.h"

static bool replace;
module_param(replace, bool, 0);

FIXTURE_VERSION_SHOW("klpx_native_waits")

static struct klp_func funcs[] = {
	{
		.old_name = "wait_for_completion_interruptible",
		.new_func = wait_interruptible,
	},
	{
		.old_name = "wait_for_completion_killable",
		.new_func = wait_killable,
	},
	{
		.old_name = "version_proc_show",
		.new_func = fixture_version_proc_show,
	},
	{}
};
static struct klp_object objs[] = { { .funcs = funcs }, {} };
static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int __init enable(void)
{
	patch.replace = replace;
	return klp_enable_patch(&patch);
}
FIXTURE_MODULE(enable());
MODULE_INFO(livepatch, "Y");
#else
FIXTURE_MODULE(0);
#endif
