// SPDX-License-Identifier: GPL-2.0
/* A function without a replacement: EINVAL. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_no_new_func")
FIXTURE_PATCH(FIXTURE_FUNC("version_proc_show", NULL),
	      FIXTURE_FUNC("cmdline_proc_show", fixture_version_proc_show));
