// SPDX-License-Identifier: GPL-2.0
/* Names a function that no kernel has: EINVAL. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_unknown_function")
FIXTURE_PATCH(FIXTURE_FUNC("klpx_no_such_function", fixture_version_proc_show));
