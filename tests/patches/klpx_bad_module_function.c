// SPDX-License-Identifier: GPL-2.0
/* Patches a function that the target module does not have. */

#include "fixture.h"

static int nowhere(void)
{
	return 0;
}

static struct klpx_func funcs[] = { FIXTURE_FUNC("model_target_nowhere",
						 nowhere),
				    {} };
static struct klpx_object objs[] = {
	{ .name = "klpx_model_target", .funcs = funcs },
	{}
};
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

FIXTURE_MODULE(klpx_enable_patch(&patch));
