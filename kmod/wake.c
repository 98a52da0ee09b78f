// SPDX-License-Identifier: GPL-2.0
/* Waking the worker of a transition; see wake.h. */
#include <linux/irq_work.h>
#include <linux/jiffies.h>

#include "wake.h"

static struct workqueue_struct *klpx_wq;
static struct delayed_work worker;
static atomic_t woken;		/* the next run of it was asked for */

/* A wake-up can come under run queue locks, where no work can be queued. */
static void queue_worker(struct irq_work *work)
{
	mod_delayed_work(klpx_wq, &worker, 0);
}
static DEFINE_IRQ_WORK(wake_work, queue_worker);

void klpx_wake_worker(void)
{
	atomic_set(&woken, 1);
	irq_work_queue(&wake_work);
}

void klpx_wake_worker_later(unsigned int delay_ms)
{
	queue_delayed_work(klpx_wq, &worker, msecs_to_jiffies(delay_ms));
}

bool klpx_wake_was_asked(void)
{
	return atomic_xchg(&woken, 0);
}

int klpx_wake_init(work_func_t fn)
{
	INIT_DELAYED_WORK(&worker, fn);
	/*
	 * Unbound: the worker must not wait for a CPU that a hog keeps. Not
	 * WQ_HIGHPRI: a long pass would starve the other tasks of its CPU.
	 */
	klpx_wq = alloc_workqueue("klpx", WQ_UNBOUND, 1);
	return klpx_wq ? 0 : -ENOMEM;
}

void klpx_wake_exit(void)
{
	irq_work_sync(&wake_work);
	cancel_delayed_work_sync(&worker);
	destroy_workqueue(klpx_wq);
}
