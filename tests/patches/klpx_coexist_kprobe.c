// SPDX-License-Identifier: GPL-2.0
/*
 * Traces with a kprobe; post=1: one with a post_handler; inside=1: one after
 * the entry, which does not use ftrace.
 */

#include <asm/ibt.h>
#include <linux/kprobes.h>
#include "coexist_probe.h"

#define BEHIND_ENTRY                                                           \
	(MCOUNT_INSN_SIZE +                                                    \
	 (IS_ENABLED(CONFIG_X86_KERNEL_IBT) ? ENDBR_INSN_SIZE : 0))

static bool post;
module_param(post, bool, 0444);

static bool inside;
module_param(inside, bool, 0444);

static int on_entry(struct kprobe *probe, struct pt_regs *regs)
{
	coexist_seen();
	return 0;
}

static void after_entry(struct kprobe *probe, struct pt_regs *regs,
			unsigned long flags)
{
}

static struct kprobe probe = { .pre_handler = on_entry };

static int add_probe(void)
{
	probe.symbol_name = function;
	if (inside)
		probe.offset = BEHIND_ENTRY;
	if (post)
		probe.post_handler = after_entry;
	return register_kprobe(&probe);
}

COEXIST_MODULE(add_probe(), unregister_kprobe(&probe));
