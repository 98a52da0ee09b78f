// SPDX-License-Identifier: GPL-2.0
/*
 * Patches a function that a task calls at the very end of do_exit(), when it
 * may have left the task list already, and makes it linger there. Events for
 * netlink's process connector are lost meanwhile.
 */

#include <linux/delay.h>
#include "fixture.h"

static unsigned int linger_ms = 20;
module_param(linger_ms, uint, 0644);

static void exit_connector(struct task_struct *task)
{
	msleep(READ_ONCE(linger_ms));
	barrier(); /* not a tail call: we are on the stack meanwhile */
}

FIXTURE_PATCH(FIXTURE_FUNC("proc_exit_connector", exit_connector));
