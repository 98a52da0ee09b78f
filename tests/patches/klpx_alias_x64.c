// SPDX-License-Identifier: GPL-2.0
/* pause(2), by the name that klpx_alias_do.c does not use. */

#include "fixture.h"

struct pt_regs;

static long fixture_pause(const struct pt_regs *regs)
{
	return -EBADMSG;
}

FIXTURE_PATCH(FIXTURE_FUNC("__x64_sys_pause", fixture_pause));
