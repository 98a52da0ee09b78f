// SPDX-License-Identifier: GPL-2.0
/*
 * Patches a function that execve() calls at its end, after a thread that was
 * not the leader has taken over the leader's identity. Programs executed as
 * /proc/self/exe linger in it.
 */

#include <linux/delay.h>
#include "fixture.h"

static unsigned int linger_ms = 20;
module_param(linger_ms, uint, 0644);

static void exec_connector(struct task_struct *task)
{
	if (!strcmp(task->comm, "exe"))
		msleep(READ_ONCE(linger_ms));
	barrier(); /* not a tail call: we are on the stack meanwhile */
}

FIXTURE_PATCH(FIXTURE_FUNC("proc_exec_connector", exec_connector));
