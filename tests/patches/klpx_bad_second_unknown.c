// SPDX-License-Identifier: GPL-2.0
/* A valid function, then an unknown one: EINVAL, and the first is undone. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_second_unknown")
FIXTURE_PATCH(FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	      FIXTURE_FUNC("klpx_no_such_function",
			   fixture_version_proc_show));
