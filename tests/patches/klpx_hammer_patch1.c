// SPDX-License-Identifier: GPL-2.0
/* klpx_hammer_target() returns 1 more. */

#include "klpx_hammer.h"

HAMMER_PATCH(1);
