// SPDX-License-Identifier: GPL-2.0
/*
 * A module to be patched; it knows nothing of klpx. /proc/klpx_model_target
 * reads "one two" in the original. A task that reads /proc/klpx_model_wait
 * sleeps in model_target_wait() until a signal.
 */

#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include "model_helper.h"

static int init_error;
module_param(init_error, int, 0);
MODULE_PARM_DESC(init_error, "what module_init() returns");

/* Read by a patch only. */
static const char *target_word __used = "word";

static __used noinline void model_target_one(struct seq_file *m)
{
	seq_puts(m, "one ");
}

/* Another name of the same function. */
static __used __alias(model_target_one) void
model_target_alias(struct seq_file *m);

static __used noinline void model_target_two(struct seq_file *m)
{
	seq_puts(m, "two ");
}

static __used noinline void model_target_wait(struct seq_file *m)
{
	klpx_model_sleep();
	seq_puts(m, "wait ");
}

static int show(struct seq_file *m, void *v)
{
	model_target_one(m);
	model_target_two(m);
	return 0;
}

static int show_wait(struct seq_file *m, void *v)
{
	model_target_wait(m);
	return 0;
}

static int __init target_init(void)
{
	klpx_model_log("target", "init", "");
	if (init_error)
		return init_error;
	if (!proc_create_single("klpx_model_target", 0, NULL, show))
		return -ENOMEM;
	if (!proc_create_single("klpx_model_wait", 0, NULL, show_wait)) {
		remove_proc_entry("klpx_model_target", NULL);
		return -ENOMEM;
	}
	return 0;
}

static void __exit target_exit(void)
{
	remove_proc_entry("klpx_model_wait", NULL);
	remove_proc_entry("klpx_model_target", NULL);
	klpx_model_log("target", "exit", "");
}

module_init(target_init);
module_exit(target_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
