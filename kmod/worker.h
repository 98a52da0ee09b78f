/* SPDX-License-Identifier: GPL-2.0 */
/* The worker of a transition; wake.h has what wakes it. */
#ifndef KLPX_WORKER_H
#define KLPX_WORKER_H

#include <linux/workqueue.h>

void klpx_worker(struct work_struct *work);

#endif /* KLPX_WORKER_H */
