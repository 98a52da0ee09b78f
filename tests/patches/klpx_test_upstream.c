// SPDX-License-Identifier: GPL-2.0
/* The same function as klpx_test_version1, but for the kernel's livepatch. */

#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include "fixture.h"

#if IS_ENABLED(CONFIG_LIVEPATCH)
static int upstream_version_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "klpx_test_upstream\n");
	return 0;
}

static struct klp_func funcs[] = {
	{
		.old_name = "version_proc_show",
		.new_func = upstream_version_proc_show,
	},
	{}
};
static struct klp_object objs[] = { { .funcs = funcs }, {} };
static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objs };

FIXTURE_MODULE(klp_enable_patch(&patch));
MODULE_INFO(livepatch, "Y");
#else
FIXTURE_MODULE(0);
#endif
