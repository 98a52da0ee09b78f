// SPDX-License-Identifier: GPL-2.0
/* No empty element ends the functions; an invalid name follows. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_no_end")

static struct {
	struct klpx_func funcs[1];
	unsigned long behind[3];
} array = {
	.funcs = { FIXTURE_FUNC("version_proc_show", fixture_version_proc_show) },
	.behind = { 0x6b6c7078, 0x6b6c7078, 1 },
};
static struct klpx_object objs[] = { { .funcs = array.funcs }, {} };
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

FIXTURE_MODULE(klpx_enable_patch(&patch));
