// SPDX-License-Identifier: GPL-2.0
/* A name of 1,000 characters, for a function or for an object: EINVAL. */

#include <linux/string.h>
#include "fixture.h"

static bool object;
module_param(object, bool, 0);

static char long_name[1001];

FIXTURE_VERSION_SHOW("klpx_model_bad_long_name")

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_object objs[] = { { .funcs = funcs }, {} };
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int enable(void)
{
	memset(long_name, 'x', sizeof(long_name) - 1);
	if (object)
		objs[0].name = long_name;
	else
		funcs[0].old_name = long_name;
	return klpx_enable_patch(&patch);
}

FIXTURE_MODULE(enable());
