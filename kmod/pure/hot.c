// SPDX-License-Identifier: GPL-2.0
/* Hot functions; see hot.h. */
#include "pure/hot.h"

bool klpx_is_hot(unsigned long calls, unsigned long long elapsed_ms,
		 unsigned int per_second)
{
	/* Cannot overflow: 2^64 / 1000 calls take centuries. */
	return elapsed_ms && 1000ULL * calls >= per_second * elapsed_ms;
}

unsigned int klpx_hot_next(unsigned int delay_ms)
{
	if (delay_ms < KLPX_HOT_FIRST_MS)
		return KLPX_HOT_FIRST_MS;
	return delay_ms >= KLPX_HOT_LAST_MS / 2 ? KLPX_HOT_LAST_MS :
						  2 * delay_ms;
}
