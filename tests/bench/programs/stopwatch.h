/* SPDX-License-Identifier: GPL-2.0 */
/* Monotonic time, for programs that report how long something took. */
#ifndef KLPX_BENCH_STOPWATCH_H
#define KLPX_BENCH_STOPWATCH_H

#include <stdint.h>
#include <time.h>

#define NS_PER_S 1000000000ULL

static inline uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * NS_PER_S + time.tv_nsec;
}

#endif /* KLPX_BENCH_STOPWATCH_H */
