// SPDX-License-Identifier: GPL-2.0
/*
 * Patches a caller and its callee, so that every mixture can be seen: the new
 * cmdline_proc_show() ends its line with a character that only the new
 * seq_putc() understands, and the new seq_putc() reports when anything else
 * shows /proc/cmdline. Old calls old: the boot line. New calls new: "new new".
 * A sleeper in wait_for_completion_killable() keeps the transition open.
 */

#include <linux/completion.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include "fixture.h"

#define END_OF_NEW '\001'

static int pair_cmdline_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "new ");
	seq_putc(m, END_OF_NEW);
	return 0;
}

static bool is_cmdline(struct seq_file *m)
{
	return m->file && !strcmp(m->file->f_path.dentry->d_iname, "cmdline") &&
	       !strcmp(m->file->f_path.dentry->d_parent->d_iname, "/");
}

static void pair_seq_putc(struct seq_file *m, char c)
{
	if (c == END_OF_NEW)
		seq_puts(m, "new\n");
	else if (c == '\n' && is_cmdline(m))
		seq_puts(m, " MIXED: old calls new\n");
	else
		seq_write(m, &c, 1);
}

static int wait_killable(struct completion *x)
{
	long left = wait_for_completion_killable_timeout(x,
							 MAX_SCHEDULE_TIMEOUT);

	return left < 0 ? left : 0;
}

FIXTURE_PATCH(FIXTURE_FUNC("cmdline_proc_show", pair_cmdline_proc_show),
	      FIXTURE_FUNC("seq_putc", pair_seq_putc),
	      FIXTURE_FUNC("wait_for_completion_killable", wait_killable));
