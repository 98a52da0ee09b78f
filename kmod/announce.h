/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the engine tells the outside world about a transition, as it happens:
 * counters, tracepoints, the policy, and what recent.c remembers. klpx_mutex
 * held.
 */
#ifndef KLPX_ANNOUNCE_H
#define KLPX_ANNOUNCE_H

#include "records.h"

/* In the order of a transition's life. */
void klpx_announce_start(const struct klpx_lpatch *patch);
void klpx_announce_reverse(const struct klpx_lpatch *patch);
void klpx_announce_force(const struct klpx_lpatch *patch, unsigned long tasks);
void klpx_announce_complete(const struct klpx_lpatch *patch);

#endif /* KLPX_ANNOUNCE_H */
