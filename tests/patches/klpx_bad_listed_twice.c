// SPDX-License-Identifier: GPL-2.0
/* The same function twice: EEXIST. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_listed_twice")
FIXTURE_PATCH(FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	      FIXTURE_FUNC("version_proc_show", fixture_version_proc_show));
