// SPDX-License-Identifier: GPL-2.0
/* The same object twice: EEXIST. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_model_bad_object_twice")

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_func no_funcs[] = { {} };
static struct klpx_object objs[] = {
	{ .funcs = funcs },
	{ .funcs = no_funcs },
	{}
};
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

FIXTURE_MODULE(klpx_enable_patch(&patch));
