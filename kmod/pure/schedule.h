/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When the worker checks again, and when it sends fake signals, if nothing
 * tells it to. Time is a parameter: milliseconds since the transition started.
 */
#ifndef KLPX_PURE_SCHEDULE_H
#define KLPX_PURE_SCHEDULE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#endif

/*
 * Tasks that report themselves (at kernel exit, at a context switch) need no
 * timer; this one keeps what observers see fresh and is the backstop.
 */
#define KLPX_RETRY_MAX_MS	1000
/* First retry when a stack could not be read: nothing announces its end. */
#define KLPX_RETRY_MIN_MS	10

struct klpx_schedule {
	unsigned int retry_ms;		/* the last delay while polled, or 0 */
	unsigned long long signals_at;	/* next round of signals */
};

/* Forget everything: a transition starts, or is reversed. */
void klpx_schedule_reset(struct klpx_schedule *s);

/*
 * Delay until the next pass. @polled: some task can only be seen ready by
 * looking again, so start at KLPX_RETRY_MIN_MS and double.
 */
unsigned int klpx_schedule_retry(struct klpx_schedule *s, bool polled);

/* True once for every KLPX_SIGNAL_EVERY_MS that has passed by @now_ms. */
bool klpx_schedule_signal(struct klpx_schedule *s, unsigned long long now_ms);

#endif /* KLPX_PURE_SCHEDULE_H */
