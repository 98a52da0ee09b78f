// SPDX-License-Identifier: GPL-2.0
/*
 * Registers a module notifier, like many modules do. That waits for the
 * notifiers that are running, and all module loads of the machine wait for it.
 */

#include <linux/notifier.h>
#include "fixture.h"

static int on_module(struct notifier_block *nb, unsigned long state, void *mod)
{
	return NOTIFY_OK;
}

static struct notifier_block nb = { .notifier_call = on_module };

static int __init notifier_init(void)
{
	return register_module_notifier(&nb);
}

static void __exit notifier_exit(void)
{
	unregister_module_notifier(&nb);
}

module_init(notifier_init);
module_exit(notifier_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
