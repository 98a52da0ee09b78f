// SPDX-License-Identifier: GPL-2.0
/* Hot functions; see hot.h. */
#include "hot.h"

/* @first_ms, then twice as long each time, up to @last_ms. */
static unsigned int longer(unsigned int delay_ms, unsigned int first_ms,
			   unsigned int last_ms)
{
	if (delay_ms < first_ms)
		return first_ms;
	return delay_ms >= last_ms / 2 ? last_ms : 2 * delay_ms;
}

bool klpx_is_hot(unsigned long calls, unsigned long long elapsed_ms,
		 unsigned int per_second)
{
	/* Cannot overflow: 2^64 / 1000 calls take centuries. */
	return elapsed_ms && 1000ULL * calls >= per_second * elapsed_ms;
}

static void begin_interval(struct klpx_heat *heat, unsigned long long now_ms,
			   unsigned long calls)
{
	heat->since_ms = now_ms;
	heat->calls = calls;
}

/* Counts looks in a row; true when there are @enough. */
static bool in_a_row(struct klpx_heat *heat, bool says, unsigned int enough)
{
	if (!says)
		heat->looks = 0;
	else if (heat->looks < enough)
		heat->looks++;
	return heat->looks == enough;
}

static enum klpx_move resume(struct klpx_heat *heat, unsigned long long now_ms)
{
	heat->place = KLPX_DIRECT;
	heat->looks = 0;
	heat->probe_delay_ms = longer(heat->probe_delay_ms, KLPX_PROBE_FIRST_MS,
				      KLPX_PROBE_LAST_MS);
	heat->probe_ms = now_ms + heat->probe_delay_ms;
	return KLPX_RESUME;
}

static enum klpx_move cool(struct klpx_heat *heat)
{
	heat->place = KLPX_HANDLED;
	heat->looks = 0;
	return KLPX_COOL;
}

enum klpx_move klpx_heat_look(struct klpx_heat *heat, enum klpx_place place,
			      unsigned long long now_ms, unsigned long calls,
			      unsigned int per_second)
{
	unsigned long long elapsed_ms = now_ms - heat->since_ms;
	unsigned long counted = calls - heat->calls;

	if (place == KLPX_DIRECT) {
		if (now_ms < heat->probe_ms)
			return KLPX_STAY;
		heat->place = KLPX_PROBED;
		heat->looks = 0;
		begin_interval(heat, now_ms, calls);
		return KLPX_PROBE;
	}

	/* A transition has taken it elsewhere: earlier looks say nothing. */
	if (place != heat->place) {
		heat->place = place;
		heat->looks = 0;
		begin_interval(heat, now_ms, calls);
		return KLPX_STAY;
	}
	if (elapsed_ms < KLPX_HOT_LEAST_MS)
		return KLPX_STAY;
	begin_interval(heat, now_ms, calls);
	if (elapsed_ms == now_ms)
		return KLPX_STAY;	/* the first one: a rate since never */

	if (place == KLPX_PROBED) {
		if (klpx_is_hot(counted, elapsed_ms, per_second / 2))
			return resume(heat, now_ms);
		return in_a_row(heat, true, KLPX_COLD_LOOKS) ? cool(heat) :
							       KLPX_STAY;
	}
	if (!in_a_row(heat, klpx_is_hot(counted, elapsed_ms, per_second),
		      KLPX_HOT_LOOKS))
		return KLPX_STAY;
	return klpx_heat_may_try(heat, now_ms) ? KLPX_PROMOTE : KLPX_STAY;
}

void klpx_heat_promoted(struct klpx_heat *heat, unsigned long long now_ms)
{
	heat->place = KLPX_DIRECT;
	heat->looks = 0;
	heat->refused_ms = 0;
	heat->refused_delay_ms = 0;
	heat->probe_delay_ms = KLPX_PROBE_FIRST_MS;
	heat->probe_ms = now_ms + KLPX_PROBE_FIRST_MS;
}

void klpx_heat_refused(struct klpx_heat *heat, unsigned long long now_ms)
{
	heat->refused_delay_ms = longer(heat->refused_delay_ms,
					KLPX_REFUSED_FIRST_MS,
					KLPX_REFUSED_LAST_MS);
	heat->refused_ms = now_ms + heat->refused_delay_ms;
}

bool klpx_heat_may_try(const struct klpx_heat *heat, unsigned long long now_ms)
{
	return now_ms >= heat->refused_ms;
}

static unsigned int until(unsigned long long then_ms, unsigned long long now_ms)
{
	return then_ms > now_ms ? (unsigned int)(then_ms - now_ms) : 0;
}

unsigned int klpx_heat_wait(const struct klpx_heat *heat, enum klpx_place place,
			    unsigned long long now_ms, unsigned int idle_ms)
{
	unsigned int ms;

	if (place == KLPX_DIRECT)
		ms = until(heat->probe_ms, now_ms);
	else if (place == KLPX_HANDLED && !klpx_heat_may_try(heat, now_ms))
		ms = until(heat->refused_ms, now_ms);
	else if (place == KLPX_HANDLED &&
		 (!heat->looks || heat->looks == KLPX_HOT_LOOKS))
		ms = idle_ms;	/* not hot, or hot and there was no room */
	else
		ms = KLPX_HOT_LEAST_MS;
	/* A look that comes too early is made again. */
	return ms > KLPX_HOT_LEAST_MS ? ms : KLPX_HOT_LEAST_MS;
}

unsigned int klpx_hot_next(unsigned int delay_ms)
{
	return longer(delay_ms, KLPX_HOT_FIRST_MS, KLPX_HOT_LAST_MS);
}
