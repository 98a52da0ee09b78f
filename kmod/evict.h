/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taking back a patch whose module goes although the patch is enabled: its
 * module_init() has failed afterwards, or rmmod --force was used. The
 * module's memory stays until then (lifetime.c).
 */
#ifndef KLPX_EVICT_H
#define KLPX_EVICT_H

#include "records.h"

/* klpx_lpatch.going of @patch has been set. Does not sleep. */
void klpx_evict(const struct klpx_lpatch *patch);

/* A transition has ended: whatever waited for that goes on. Does not sleep. */
void klpx_evict_wake(void);

void klpx_evict_exit(void);

#endif /* KLPX_EVICT_H */
