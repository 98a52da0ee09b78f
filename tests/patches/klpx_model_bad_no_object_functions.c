// SPDX-License-Identifier: GPL-2.0
/* A valid object, then a module without an array of functions: EINVAL. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_model_bad_no_object_functions")

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_object objs[] = {
	{ .funcs = funcs },
	{ .name = "klpx_model_target" },
	{}
};
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

FIXTURE_MODULE(klpx_enable_patch(&patch));
