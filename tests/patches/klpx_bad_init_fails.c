// SPDX-License-Identifier: GPL-2.0
/*
 * A patch module whose module_init() fails with EIO (not with result=0): before
 * it has enabled its patch; with late=1, after that; with inside=1, when a task
 * is in the patch, which stops the machine; with hold=1, not before 0 is
 * written to hold. held: it waits for that.
 */

#include <linux/delay.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "fixture.h"
#include "waits.h"

#define POLL_MS 20

static bool late;
module_param(late, bool, 0);
static bool inside;
module_param(inside, bool, 0);
static bool hold;
module_param(hold, bool, 0644);
static bool held;
module_param(held, bool, 0444);
static int result = -EIO;
module_param(result, int, 0);
static bool entered;

FIXTURE_VERSION_SHOW("klpx_bad_init_fails")

static int fails_wait_killable(struct completion *x)
{
	/* Kernel helper tasks wait like this too; the test's task is cat. */
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
	int ret;

	if (inside)
		patch.model = KLPX_MODEL_STOP_MACHINE;
	ret = klpx_enable_patch(&patch);
	if (ret)
		return ret;
	while (inside && !READ_ONCE(entered))
		msleep(POLL_MS);
	WRITE_ONCE(held, true);
	while (READ_ONCE(hold))
		msleep(POLL_MS);
	return result;
}

FIXTURE_MODULE(late || inside || hold ? enable_and_fail() : -EIO);
