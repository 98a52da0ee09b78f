// SPDX-License-Identifier: GPL-2.0
/* A patch module that gives up before it enables its patch: EIO. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_init_fails")

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_object objs[] = { { .funcs = funcs }, {} };
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int give_up = 1;
module_param(give_up, int, 0);

FIXTURE_MODULE(give_up ? -EIO : klpx_enable_patch(&patch));
