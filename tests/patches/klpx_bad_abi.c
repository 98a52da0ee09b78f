// SPDX-License-Identifier: GPL-2.0
/* Looks as if it was compiled with another klpx/livepatch.h: EINVAL. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_abi")

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_object objs[] = { { .funcs = funcs }, {} };
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

FIXTURE_MODULE(__klpx_enable_patch(&patch, THIS_MODULE,
				   KLPX_LIVEPATCH_ABI + 8, false));
