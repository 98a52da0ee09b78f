/* SPDX-License-Identifier: GPL-2.0 */
/* The directory /sys/module/klpx/stats (docs/SYSFS.md). */
#ifndef KLPX_STATS_H
#define KLPX_STATS_H

int klpx_stats_init(void);

/* Wakes what polls stats/recent. klpx_mutex held; sleeps. */
void klpx_stats_recent_changed(void);

void klpx_stats_exit(void);

#endif /* KLPX_STATS_H */
