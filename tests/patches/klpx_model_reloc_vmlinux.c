// SPDX-License-Identifier: GPL-2.0
/*
 * A patch that uses a private symbol of vmlinux, by a relocation as klp-build
 * makes it (klpx_model_reloc_vmlinux.klp): /proc/version reads like
 * /proc/cmdline.
 */

#include <klpx/upstream.h>

#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include "fixture.h"

extern int cmdline_proc_show(struct seq_file *m, void *v) __weak;

static int reloc_version_proc_show(struct seq_file *m, void *v)
{
	return cmdline_proc_show(m, v);
}

static struct klp_func funcs[] = {
	{ .old_name = "version_proc_show", .new_func = reloc_version_proc_show },
	{}
};
static struct klp_object objs[] = { { .funcs = funcs }, {} };
static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objs };

FIXTURE_MODULE(klp_enable_patch(&patch));
MODULE_INFO(livepatch, "Y");
