// SPDX-License-Identifier: GPL-2.0
/*
 * Two functions to be patched and traced. The module knows nothing of either.
 *
 * /proc/klpx_coexist_value: what value() returns to the reader.
 * /proc/klpx_coexist_hold: its reader sleeps in hold(), and reads what hold()
 * returns; a write wakes the reader.
 * /proc/klpx_coexist_held: what value() returns to the task in hold().
 */

#include <linux/completion.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/wait.h>
#include "coexist.h"

/* Volatile, so that the compiler cannot fold the value. */
static volatile int old_value = COEXIST_OLD;

static DECLARE_WAIT_QUEUE_HEAD(requests);
static DECLARE_COMPLETION(answered);
static bool asked, leave;
static int answer;

noinline int klpx_coexist_value(void)
{
	return old_value;
}

/* Killable: a fake signal does not wake a task in here. */
noinline void klpx_coexist_serve(void)
{
	while (!wait_event_killable(requests, READ_ONCE(asked) ||
						      READ_ONCE(leave))) {
		if (READ_ONCE(leave))
			break;
		answer = klpx_coexist_value();
		WRITE_ONCE(asked, false);
		complete(&answered);
	}
	WRITE_ONCE(leave, false);
}
EXPORT_SYMBOL_GPL(klpx_coexist_serve);

noinline int klpx_coexist_hold(void)
{
	klpx_coexist_serve();
	return old_value;
}

static int show_value(struct seq_file *m, void *v)
{
	seq_printf(m, "%d\n", klpx_coexist_value());
	return 0;
}

static int show_held(struct seq_file *m, void *v)
{
	WRITE_ONCE(asked, true);
	wake_up(&requests);
	if (wait_for_completion_killable(&answered))
		return -EINTR;
	seq_printf(m, "%d\n", answer);
	return 0;
}

static int show_hold(struct seq_file *m, void *v)
{
	seq_printf(m, "%d\n", klpx_coexist_hold());
	return 0;
}

static int open_hold(struct inode *inode, struct file *file)
{
	return single_open(file, show_hold, NULL);
}

static ssize_t let_go(struct file *file, const char __user *text, size_t size,
		      loff_t *pos)
{
	WRITE_ONCE(leave, true);
	wake_up(&requests);
	return size;
}

static const struct proc_ops hold_ops = {
	.proc_open = open_hold,
	.proc_read = seq_read,
	.proc_write = let_go,
	.proc_release = single_release,
};

static int __init target_init(void)
{
	if (proc_create_single("klpx_coexist_value", 0, NULL, show_value) &&
	    proc_create_single("klpx_coexist_held", 0, NULL, show_held) &&
	    proc_create("klpx_coexist_hold", 0600, NULL, &hold_ops))
		return 0;
	remove_proc_entry("klpx_coexist_value", NULL);
	remove_proc_entry("klpx_coexist_held", NULL);
	return -ENOMEM;
}

static void __exit target_exit(void)
{
	remove_proc_entry("klpx_coexist_hold", NULL);
	remove_proc_entry("klpx_coexist_held", NULL);
	remove_proc_entry("klpx_coexist_value", NULL);
}

module_init(target_init);
module_exit(target_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
