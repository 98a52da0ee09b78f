// SPDX-License-Identifier: GPL-2.0
/* Makes the kernel complain: the harness has to fail a guest that loads it. */

#include "fixture.h"

FIXTURE_MODULE(WARN(1, "klpx_test_warn: as asked\n") ? 0 : -EIO);
