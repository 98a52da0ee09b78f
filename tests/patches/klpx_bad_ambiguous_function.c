// SPDX-License-Identifier: GPL-2.0
/* Names a function of which vmlinux has several: EINVAL. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_ambiguous_function")
FIXTURE_PATCH(FIXTURE_FUNC("state_show", fixture_version_proc_show));
