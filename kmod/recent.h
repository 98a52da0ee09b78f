/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last transitions, running or ended, for readers that missed them: a
 * controller that was killed, or that starts when the directory of a disabled
 * patch is gone. In the order of a transition's life.
 */
#ifndef KLPX_RECENT_H
#define KLPX_RECENT_H

#include "records.h"

/* klpx_mutex held. */
void klpx_recent_start(const struct klpx_lpatch *patch);
void klpx_recent_reverse(const struct klpx_lpatch *patch);
void klpx_recent_signal(void);
void klpx_recent_force(unsigned long tasks);
void klpx_recent_complete(const struct klpx_lpatch *patch);

/* The text of /sys/module/klpx/stats/recent, at most a page. */
int klpx_recent_show(char *buf);

#endif /* KLPX_RECENT_H */
