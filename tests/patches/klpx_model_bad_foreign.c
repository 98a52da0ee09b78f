// SPDX-License-Identifier: GPL-2.0
/* A replacement that is not a function of the patch module: EINVAL. */

#include "fixture.h"

FIXTURE_PATCH(FIXTURE_FUNC("version_proc_show", seq_putc));
