/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waking the worker of a transition, apart from what it does (worker.c), for
 * all that changes something it waits for.
 */
#ifndef KLPX_WAKE_H
#define KLPX_WAKE_H

#include <linux/types.h>
#include <linux/workqueue.h>

/* @fn is the worker; one instance of it runs at a time. */
int klpx_wake_init(work_func_t fn);
/* No transition runs any more. */
void klpx_wake_exit(void);

/* Something has changed: look again, now. Any context but NMI. */
void klpx_wake_worker(void);

/*
 * The same in @delay_ms, if nothing wakes the worker before: never later than a
 * wake-up that has been asked for. klpx_mutex held.
 */
void klpx_wake_worker_later(unsigned int delay_ms);

/* Has klpx_wake_worker() been called since the last time this was asked? */
bool klpx_wake_was_asked(void);

#endif /* KLPX_WAKE_H */
