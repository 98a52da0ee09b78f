// SPDX-License-Identifier: GPL-2.0
/*
 * Remembers which callbacks have run, in which order, even of modules that are
 * unloaded: /sys/module/klpx_model_helper/parameters/text; a write clears it.
 */

#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "model_helper.h"

static char text[4000];
module_param_string(text, text, sizeof(text), 0644);

static DEFINE_SPINLOCK(text_lock);

void klpx_model_log(const char *who, const char *what, const char *on)
{
	unsigned long flags;
	size_t used;

	spin_lock_irqsave(&text_lock, flags);
	used = strlen(text);
	scnprintf(text + used, sizeof(text) - used, " %s:%s:%s", who, what, on);
	spin_unlock_irqrestore(&text_lock, flags);
}
EXPORT_SYMBOL_GPL(klpx_model_log);

void klpx_model_sleep(void)
{
	while (!signal_pending(current))
		schedule_timeout_interruptible(MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL_GPL(klpx_model_sleep);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
