// SPDX-License-Identifier: GPL-2.0
/* The 99th of the functions with one name: EINVAL. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_sympos")
FIXTURE_PATCH({ .old_name = "state_show",
		.new_func = fixture_version_proc_show,
		.old_sympos = 99 });
