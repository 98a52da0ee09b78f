/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which functions are called often enough to be worth the fast path, for how
 * long, and how often to look. Time is a parameter: milliseconds, monotonic.
 *
 *	            hot in a row                   now and then
 *	HANDLED ------------------> DIRECT <------------------------> PROBED
 *	   ^     KLPX_HOT_LOOKS             at once if it is warm       |
 *	   +------------------------------------------------------------+
 *	                  not warm KLPX_COLD_LOOKS times
 *
 * On the fast path nothing counts calls, so now and then the handler is put
 * beside the stub for a moment: probed. Warm is half of hot, so that one near
 * the limit does not go to and fro.
 */
#ifndef KLPX_PURE_HOT_H
#define KLPX_PURE_HOT_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#endif

/* A look over less time says nothing: a burst is not a rate. */
#define KLPX_HOT_LEAST_MS	1000
/* Looks at functions none of which is hot: soon, then less and less. */
#define KLPX_HOT_FIRST_MS	1000
#define KLPX_HOT_LAST_MS	32000
/* Looks in a row. */
#define KLPX_HOT_LOOKS		2
#define KLPX_COLD_LOOKS		3
/* From one probe to the next; doubles while the function stays warm. */
#define KLPX_PROBE_FIRST_MS	16000
#define KLPX_PROBE_LAST_MS	128000
/* After another direct caller was found to have the function; doubles. */
#define KLPX_REFUSED_FIRST_MS	1000
#define KLPX_REFUSED_LAST_MS	128000

/* How the calls of a function get to its newest version. */
enum klpx_place {
	KLPX_HANDLED,
	KLPX_DIRECT,
	KLPX_PROBED,
};

enum klpx_move {
	KLPX_STAY,
	KLPX_PROMOTE,	/* HANDLED to DIRECT */
	KLPX_PROBE,	/* DIRECT to PROBED */
	KLPX_RESUME,	/* PROBED to DIRECT */
	KLPX_COOL,	/* PROBED to HANDLED */
};

/* The state of one function; all 0 at first. */
struct klpx_heat {
	enum klpx_place place;		/* where the looks below found it */
	unsigned long long since_ms;	/* when it was last looked at */
	unsigned long calls;		/* had been counted by then */
	unsigned int looks;		/* in a row, in favour of a move */
	unsigned long long probe_ms;	/* DIRECT: when to probe it */
	unsigned int probe_delay_ms;
	unsigned long long refused_ms;	/* HANDLED: not before that */
	unsigned int refused_delay_ms;
};

/* @calls in @elapsed_ms are at least @per_second. No time: nothing is hot. */
bool klpx_is_hot(unsigned long calls, unsigned long long elapsed_ms,
		 unsigned int per_second);

/*
 * A look at a function that is at @place: what is to be done with it. @calls is
 * the handler's counter. A move that is not made comes again at a later look.
 */
enum klpx_move klpx_heat_look(struct klpx_heat *heat, enum klpx_place place,
			      unsigned long long now_ms, unsigned long calls,
			      unsigned int per_second);

/* It has been promoted, or refused because of another direct caller. */
void klpx_heat_promoted(struct klpx_heat *heat, unsigned long long now_ms);
void klpx_heat_refused(struct klpx_heat *heat, unsigned long long now_ms);
/* False for some time after the latter. */
bool klpx_heat_may_try(const struct klpx_heat *heat, unsigned long long now_ms);

/*
 * Milliseconds until a look at it is worth something. @idle_ms: what it is for
 * one that is HANDLED and shows no sign, see klpx_hot_next().
 */
unsigned int klpx_heat_wait(const struct klpx_heat *heat, enum klpx_place place,
			    unsigned long long now_ms, unsigned int idle_ms);

/*
 * Milliseconds to the next look after one that came @delay_ms after the last.
 */
unsigned int klpx_hot_next(unsigned int delay_ms);

#endif /* KLPX_PURE_HOT_H */
