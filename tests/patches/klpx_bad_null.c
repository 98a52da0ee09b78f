// SPDX-License-Identifier: GPL-2.0
/* No patch at all: EINVAL. */

#include "fixture.h"

FIXTURE_MODULE(klpx_enable_patch(NULL));
