// SPDX-License-Identifier: GPL-2.0
/* Retry and signal times of a transition; see schedule.h. */
#include <klpx/abi.h>

#include "schedule.h"

void klpx_schedule_reset(struct klpx_schedule *s)
{
	s->retry_ms = 0;
	s->signals_at = KLPX_SIGNAL_EVERY_MS;
}

unsigned int klpx_schedule_retry(struct klpx_schedule *s, bool polled)
{
	if (!polled) {
		/* The next unreadable stack is looked at soon again. */
		s->retry_ms = 0;
		return KLPX_RETRY_MAX_MS;
	}

	if (!s->retry_ms)
		s->retry_ms = KLPX_RETRY_MIN_MS;
	else
		s->retry_ms *= 2;
	if (s->retry_ms > KLPX_RETRY_MAX_MS)
		s->retry_ms = KLPX_RETRY_MAX_MS;
	return s->retry_ms;
}

bool klpx_schedule_signal(struct klpx_schedule *s, unsigned long long now_ms)
{
	if (now_ms < s->signals_at)
		return false;
	/* A late pass signals once, not once for every round it missed. */
	s->signals_at = now_ms + KLPX_SIGNAL_EVERY_MS;
	return true;
}
