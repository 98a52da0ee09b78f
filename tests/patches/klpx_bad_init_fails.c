// SPDX-License-Identifier: GPL-2.0
/*
 * A patch module that fails to load with EIO: before it has enabled its patch;
 * with late=1, after that; with inside=1, when a task is in the patch.
 */

#include <linux/delay.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "fixture.h"
#include "waits.h"

#define INSIDE_POLL_MS 20

static bool late;
module_param(late, bool, 0);
static bool inside;
module_param(inside, bool, 0);
static bool entered;

FIXTURE_VERSION_SHOW("klpx_bad_init_fails")

static int fails_wait_killable(struct completion *x)
{
	/* The kernel's own helpers wait like this too; the test's task is cat. */
	if (!strcmp(current->comm, "cat"))
		WRITE_ONCE(entered, true);
	return wait_killable(x);
}

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	FIXTURE_FUNC("wait_for_completion_killable", fails_wait_killable),
	{}
};
static struct klpx_object objs[] = { { .funcs = funcs }, {} };
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int enable_and_fail(void)
{
	int ret = klpx_enable_patch(&patch);

	while (!ret && inside && !READ_ONCE(entered))
		msleep(INSIDE_POLL_MS);
	return ret ?: -EIO;
}

FIXTURE_MODULE(late || inside ? enable_and_fail() : -EIO);
