// SPDX-License-Identifier: GPL-2.0
/* A patch that does not name its module: EINVAL. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_no_module")

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_object objs[] = { { .funcs = funcs }, {} };
static struct klpx_patch patch = { .objs = objs };

FIXTURE_MODULE(klpx_enable_patch(&patch));
