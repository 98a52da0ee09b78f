// SPDX-License-Identifier: GPL-2.0
/* pause(2), by the one of its two names that the other fixture does not use. */

#include "fixture.h"

struct pt_regs;

static long fixture_pause(const struct pt_regs *regs)
{
	return -EBADMSG;
}

FIXTURE_PATCH(FIXTURE_FUNC("__do_sys_pause", fixture_pause));
