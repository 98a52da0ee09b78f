/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operator can ask for through sysfs (patch_sysfs.c); the worker
 * sends its own signals by the same functions. klpx_mutex held; may sleep.
 */
#ifndef KLPX_REQUESTS_H
#define KLPX_REQUESTS_H

#include "records.h"

/*
 * Enable or disable @patch, or reverse its transition. Errors: docs/SYSFS.md.
 */
int klpx_set_enabled(struct klpx_lpatch *patch, bool enabled);

/* Fake signals: to every task that blocks, or to one. -ESRCH. */
void klpx_transition_signal(void);
int klpx_transition_signal_task(pid_t tid);

/*
 * Switch unchecked: every pending task, or one. -ESRCH; -EBUSY: the patch's
 * module is still being loaded, and its module_init() may fail.
 */
int klpx_transition_force(void);
int klpx_transition_force_task(pid_t tid);

#endif /* KLPX_REQUESTS_H */
