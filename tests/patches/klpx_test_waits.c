// SPDX-License-Identifier: GPL-2.0
/*
 * Patches two functions that tasks sleep in and that the system rarely uses:
 * one sleeps interruptibly, the sleep of the other ends only on a fatal signal.
 * The replacements do the same. /proc/version shows on which side the reader
 * is.
 */

#include "fixture.h"
#include "waits.h"

FIXTURE_VERSION_SHOW("klpx_test_waits")

FIXTURE_PATCH(FIXTURE_FUNC("wait_for_completion_interruptible",
			   wait_interruptible),
	      FIXTURE_FUNC("wait_for_completion_killable", wait_killable),
	      FIXTURE_FUNC("version_proc_show", fixture_version_proc_show));
