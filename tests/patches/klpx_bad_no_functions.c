// SPDX-License-Identifier: GPL-2.0
/* An object without functions: EINVAL. */

#include "fixture.h"

static struct klpx_object objs[] = { { .name = "loop" }, {} };
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

FIXTURE_MODULE(klpx_enable_patch(&patch));
