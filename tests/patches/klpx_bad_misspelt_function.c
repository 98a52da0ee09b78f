// SPDX-License-Identifier: GPL-2.0
/* A misspelt name of a function that the kernel has. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_misspelt_function")
FIXTURE_PATCH(FIXTURE_FUNC("version_porc_show", fixture_version_proc_show));
