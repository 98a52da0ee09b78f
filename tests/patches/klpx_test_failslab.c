// SPDX-License-Identifier: GPL-2.0
/*
 * Makes allocation number fail_nth of its klpx_enable_patch() fail. left: 0 if
 * there were that many, otherwise how many were missing.
 */

#include <linux/sched.h>
#include "fixture.h"

static uint fail_nth;
module_param(fail_nth, uint, 0);
static uint left;
module_param(left, uint, 0444);

FIXTURE_VERSION_SHOW("klpx_test_failslab")

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_object objs[] = { { .funcs = funcs }, {} };
static struct klpx_patch __maybe_unused patch = { .mod = THIS_MODULE, .objs = objs };

static int enable(void)
{
#ifdef CONFIG_FAULT_INJECTION
	int ret;

	current->fail_nth = fail_nth;
	ret = klpx_enable_patch(&patch);
	left = current->fail_nth;
	current->fail_nth = 0;
	return ret;
#else
	return -EOPNOTSUPP;
#endif
}

FIXTURE_MODULE(enable());
