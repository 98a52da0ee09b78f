// SPDX-License-Identifier: GPL-2.0
/*
 * A patch module that fails to load with EIO: before it has enabled its patch,
 * or, with late=1, after that.
 */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_init_fails")

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_object objs[] = { { .funcs = funcs }, {} };
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

static bool late;
module_param(late, bool, 0);

FIXTURE_MODULE(late ? klpx_enable_patch(&patch) ?: -EIO : -EIO);
