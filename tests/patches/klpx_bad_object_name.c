// SPDX-License-Identifier: GPL-2.0
/* An object name that no module can have, or that cannot be patched: EINVAL. */

#include "fixture.h"

static char *object = "klpx-model-target";
module_param(object, charp, 0);

FIXTURE_VERSION_SHOW("klpx_bad_object_name")

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("model_target_one", fixture_version_proc_show),
	{}
};
/* The name is in the file too, for the checks that read the file. */
static struct klpx_object objs[] = {
	{ .name = "klpx-model-target", .funcs = funcs },
	{}
};
static struct klpx_state states[] = { { .id = 77, .version = 1 }, {} };
static struct klpx_patch patch = {
	.mod = THIS_MODULE, .objs = objs, .states = states,
};

static int __init enable(void)
{
	objs[0].name = object;
	return klpx_enable_patch(&patch);
}

FIXTURE_MODULE(enable());
