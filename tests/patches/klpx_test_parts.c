// SPDX-License-Identifier: GPL-2.0
/*
 * A module to be patched. A task that reads /proc/klpx_parts_cold sleeps in the
 * cold range of parts_cold(); /proc/klpx_parts_tail calls parts_tail().
 */

#include <linux/module.h>
#include <linux/proc_fs.h>
#include "parts.h"

PARTS_COLD(parts_cold, "old\n")

static __used noinline void parts_tail(struct seq_file *m)
{
	seq_puts(m, "old\n");
}

static int show_cold(struct seq_file *m, void *v)
{
	parts_cold(m);
	return 0;
}

static int show_tail(struct seq_file *m, void *v)
{
	parts_tail(m);
	return 0;
}

static int __init parts_init(void)
{
	if (!proc_create_single("klpx_parts_cold", 0, NULL, show_cold))
		return -ENOMEM;
	if (!proc_create_single("klpx_parts_tail", 0, NULL, show_tail)) {
		remove_proc_entry("klpx_parts_cold", NULL);
		return -ENOMEM;
	}
	return 0;
}

static void __exit parts_exit(void)
{
	remove_proc_entry("klpx_parts_tail", NULL);
	remove_proc_entry("klpx_parts_cold", NULL);
}

module_init(parts_init);
module_exit(parts_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
