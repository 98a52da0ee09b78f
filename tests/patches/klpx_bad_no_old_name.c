// SPDX-License-Identifier: GPL-2.0
/* A replacement for nothing: EINVAL. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_no_old_name")
FIXTURE_PATCH(FIXTURE_FUNC(NULL, fixture_version_proc_show));
