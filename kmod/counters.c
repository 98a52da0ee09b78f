// SPDX-License-Identifier: GPL-2.0
/* The counters; see counters.h. */
#include "counters.h"

atomic_long_t klpx_stats[KLPX_STATS];
