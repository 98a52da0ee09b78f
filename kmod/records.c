// SPDX-License-Identifier: GPL-2.0
/* The list of patches; see records.h. */
#include "records.h"

LIST_HEAD(klpx_patches);
