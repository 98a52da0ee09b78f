// SPDX-License-Identifier: GPL-2.0
/*
 * Makes invalid calls in its init, each of which the kernel warns about; loads
 * if all answers were right.
 */

#include "fixture.h"

#define ID 1

static int object;

static int misuse(void)
{
	int *one = klpx_shadow_alloc(&object, ID, sizeof(int), GFP_KERNEL, NULL,
				     NULL);
	int *again = klpx_shadow_alloc(&object, ID, sizeof(int), GFP_KERNEL,
				       NULL, NULL);
	bool kept = one && klpx_shadow_get(&object, ID) == one;

	klpx_shadow_free_all(ID, NULL);
	/* No patch is in transition, so there is no previous state. */
	if (klpx_get_prev_state(ID))
		return -EEXIST;
	return kept && !again ? 0 : -EIO;
}

FIXTURE_MODULE(misuse());
