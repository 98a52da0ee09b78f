// SPDX-License-Identifier: GPL-2.0
/*
 * A patch whose pre_patch and post_unpatch callbacks sleep until they are told
 * to continue; pre_patch then returns what it is told. inside: one of them
 * runs.
 */

#include <linux/delay.h>
#include "fixture.h"

#define POLL_MS 10

static bool hold = true;
module_param(hold, bool, 0644);
static int result;
module_param(result, int, 0644);
static bool inside;
module_param(inside, bool, 0444);

FIXTURE_VERSION_SHOW("klpx_test_slow")

static int wait_to_be_told(struct klpx_object *obj)
{
	WRITE_ONCE(inside, true);
	while (READ_ONCE(hold))
		msleep(POLL_MS);
	WRITE_ONCE(inside, false);
	return READ_ONCE(result);
}

static void wait_at_the_end(struct klpx_object *obj)
{
	wait_to_be_told(obj);
}

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_object objs[] = {
	{
		.funcs = funcs,
		.callbacks.pre_patch = wait_to_be_told,
		.callbacks.post_unpatch = wait_at_the_end
	},
	{}
};
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

FIXTURE_MODULE(klpx_enable_patch(&patch));
