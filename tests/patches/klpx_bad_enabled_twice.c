// SPDX-License-Identifier: GPL-2.0
/*
 * Enables its patch twice. The module loads if the second call is refused
 * with EEXIST or EBUSY and the first one stays in effect.
 */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_enabled_twice")

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_object objs[] = { { .funcs = funcs }, {} };
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int second_return;
module_param(second_return, int, 0444);

static int enable_twice(void)
{
	int err;

	err = klpx_enable_patch(&patch);
	if (!err)
		second_return = klpx_enable_patch(&patch);
	return err;
}

FIXTURE_MODULE(enable_twice());
