// SPDX-License-Identifier: GPL-2.0
/* Patches, for klpx, the function that adoption redirects: ENOTTY. */

#include "fixture.h"

struct klp_patch;

static int hook_klp_enable_patch(struct klp_patch *patch)
{
	return -ENOTTY;
}

FIXTURE_PATCH(FIXTURE_FUNC("klp_enable_patch", hook_klp_enable_patch));
