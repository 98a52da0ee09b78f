/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replacements for two functions that tasks sleep in and that the system rarely
 * uses: one sleeps interruptibly, the sleep of the other ends only on a fatal
 * signal. The replacements do the same.
 */
#ifndef KLPX_TESTS_WAITS_H
#define KLPX_TESTS_WAITS_H

#include <linux/completion.h>

static __maybe_unused int wait_interruptible(struct completion *x)
{
	long left;

	left = wait_for_completion_interruptible_timeout(x,
							 MAX_SCHEDULE_TIMEOUT);
	return left < 0 ? left : 0;
}

static __maybe_unused int wait_killable(struct completion *x)
{
	long left;

	left = wait_for_completion_killable_timeout(x, MAX_SCHEDULE_TIMEOUT);
	return left < 0 ? left : 0;
}

#endif /* KLPX_TESTS_WAITS_H */
