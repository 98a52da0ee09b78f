// SPDX-License-Identifier: GPL-2.0
/*
 * Logs the line with which the kernel begins a report of a BUG or a WARNING,
 * and a line of its own. Nothing is wrong, and the test harness, which
 * recognizes reports by the lines that follow, ignores it; the health check must
 * not.
 */

#include <linux/module.h>

static int __init complains_init(void)
{
	printk(KERN_WARNING "------------[ cut here ]------------\n");
	printk(KERN_WARNING "klpx_test_complains: as asked\n");
	return 0;
}

static void __exit complains_exit(void)
{
}

module_init(complains_init);
module_exit(complains_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
