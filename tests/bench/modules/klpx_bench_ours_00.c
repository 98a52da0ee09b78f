// SPDX-License-Identifier: GPL-2.0
/* The patch of patch.h, for klpx. */
#include <klpx/upstream.h>

#include "patch.h"
