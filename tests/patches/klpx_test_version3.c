// SPDX-License-Identifier: GPL-2.0
/* /proc/version reads "klpx_test_version3": one of three to stack. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_test_version3")
FIXTURE_PATCH(FIXTURE_FUNC("version_proc_show", fixture_version_proc_show));
