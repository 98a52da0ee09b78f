/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which functions are called often enough to be worth the fast path, and how
 * often to look. Time is a parameter.
 */
#ifndef KLPX_PURE_HOT_H
#define KLPX_PURE_HOT_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#endif

/* The first look comes soon; a patch that is not hot by then hardly ever is. */
#define KLPX_HOT_FIRST_MS	1000
#define KLPX_HOT_LAST_MS	32000

/* @calls in @elapsed_ms are at least @per_second. No time: nothing is hot. */
bool klpx_is_hot(unsigned long calls, unsigned long long elapsed_ms,
		 unsigned int per_second);

/* Milliseconds to the next look after one that came @delay_ms after the last. */
unsigned int klpx_hot_next(unsigned int delay_ms);

#endif /* KLPX_PURE_HOT_H */
