// SPDX-License-Identifier: GPL-2.0
/*
 * Writes the line with which the kernel begins to report a BUG or a WARNING,
 * and a line of its own after it. Nothing is wrong, and the harness, which
 * knows reports by what follows, sees nothing; the health gate must.
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
