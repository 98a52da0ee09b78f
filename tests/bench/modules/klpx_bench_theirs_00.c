// SPDX-License-Identifier: GPL-2.0
/* The patch of patch.h, for the kernel's livepatch. */
#include <linux/livepatch.h>

#include "patch.h"
