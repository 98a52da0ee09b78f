// SPDX-License-Identifier: GPL-2.0
/* One of three patches made of their parameters: see model.h. */

#include "model.h"
