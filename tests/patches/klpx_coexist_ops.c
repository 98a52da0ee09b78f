// SPDX-License-Identifier: GPL-2.0
/* Traces with an ftrace_ops; ipmodify=1: with one that may redirect. */

#include "coexist_probe.h"

static bool ipmodify;
module_param(ipmodify, bool, 0444);

static void notrace handler(unsigned long ip, unsigned long parent_ip,
			    struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	coexist_seen();
}

static struct ftrace_ops ops = { .func = handler };

static int add_ops(void)
{
	int err;

	if (ipmodify)
		ops.flags |= FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_SAVE_REGS;
	err = ftrace_set_filter(&ops, (unsigned char *)function,
				strlen(function), 1);
	if (!err)
		err = register_ftrace_function(&ops);
	if (err)
		ftrace_free_filter(&ops);
	return err;
}

static void remove_ops(void)
{
	unregister_ftrace_function(&ops);
	ftrace_free_filter(&ops);
}

COEXIST_MODULE(add_ops(), remove_ops());
