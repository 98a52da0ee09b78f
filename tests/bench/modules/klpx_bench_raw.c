// SPDX-License-Identifier: GPL-2.0
/*
 * The least that a redirection by ftrace costs: every call of klpx_bench_000()
 * goes to a replacement. With regs=1 all registers are saved.
 */

#include <linux/ftrace.h>
#include <linux/module.h>

#include "functions.h"

static bool regs;
module_param(regs, bool, 0444);

#define TARGET "klpx_bench_000"

static BENCH_FUNCTION unsigned long new_000(void)
{
	return BENCH_NEW + BENCH_VALUE(000);
}

static void notrace redirect(unsigned long ip, unsigned long parent_ip,
			     struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	ftrace_regs_set_instruction_pointer(fregs, (unsigned long)new_000);
}

static struct ftrace_ops ops = {
	.func = redirect,
	.flags = FTRACE_OPS_FL_IPMODIFY,
};

static int __init raw_init(void)
{
	int err;

	if (regs)
		ops.flags |= FTRACE_OPS_FL_SAVE_REGS;
	err = ftrace_set_filter(&ops, TARGET, sizeof(TARGET) - 1, 1);
	if (!err)
		err = register_ftrace_function(&ops);
	if (err)
		ftrace_free_filter(&ops);
	return err;
}

static void __exit raw_exit(void)
{
	unregister_ftrace_function(&ops);
	ftrace_free_filter(&ops);
}

module_init(raw_init);
module_exit(raw_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx benchmark: ftrace without an engine");
