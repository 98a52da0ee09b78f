// SPDX-License-Identifier: GPL-2.0
/* A patch without objects: EINVAL. */

#include "fixture.h"

static struct klpx_patch patch = { .mod = THIS_MODULE };

FIXTURE_MODULE(klpx_enable_patch(&patch));
