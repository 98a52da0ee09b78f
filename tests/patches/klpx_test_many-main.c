// SPDX-License-Identifier: GPL-2.0
/*
 * A module to be patched, whose functions have cold ranges that the name alone
 * does not identify: two functions of one name, one with two names, and one
 * whose cold range has a longer name. A task that reads /proc/klpx_parts_NAME
 * sleeps in a cold range.
 */

#include <linux/module.h>
#include <linux/proc_fs.h>
#include "parts.h"
#include "parts_many.h"

PARTS_COLD(many_one, "old\n")

/* Two more names of the function: at least one is not first in kallsyms. */
static __used void many_zero(struct seq_file *m)
	__attribute__((alias("many_one")));
static __used void many_two(struct seq_file *m)
	__attribute__((alias("many_one")));

/* Named like what the compiler moves away from a function. */
static noinline void many_split_off(struct seq_file *m)
	asm("many_split.part.0");
static noinline void many_split_off(struct seq_file *m)
{
	klpx_model_sleep();
	seq_puts(m, "old\n");
}

/* Ends in a tail call, which leaves none of its addresses on the stack. */
static __used noinline void many_split(struct seq_file *m)
{
	many_split_off(m);
}

static int many_show_alias(struct seq_file *m, void *v)
{
	many_one(m);
	return 0;
}

static int many_show_split(struct seq_file *m, void *v)
{
	many_split(m);
	return 0;
}

static int __init many_init(void)
{
	proc_create_single("klpx_parts_first", 0, NULL, many_show_first);
	proc_create_single("klpx_parts_second", 0, NULL, many_show_second);
	proc_create_single("klpx_parts_alias", 0, NULL, many_show_alias);
	proc_create_single("klpx_parts_split", 0, NULL, many_show_split);
	return 0;
}

static void __exit many_exit(void)
{
	remove_proc_entry("klpx_parts_split", NULL);
	remove_proc_entry("klpx_parts_alias", NULL);
	remove_proc_entry("klpx_parts_second", NULL);
	remove_proc_entry("klpx_parts_first", NULL);
}

module_init(many_init);
module_exit(many_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
