// SPDX-License-Identifier: GPL-2.0
/* One of two patches made of their parameters: see adopt.h. */

#include "adopt.h"
