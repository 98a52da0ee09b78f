// SPDX-License-Identifier: GPL-2.0
/* Another user of ftrace that may redirect version_proc_show(). */

#include <linux/ftrace.h>
#include <linux/module.h>

static void notrace leave_alone(unsigned long ip, unsigned long parent_ip,
				struct ftrace_ops *op,
				struct ftrace_regs *fregs)
{
}

static struct ftrace_ops ops = {
	.func = leave_alone,
	.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_SAVE_REGS,
};

static int __init ipmodify_init(void)
{
	int err;

	err = ftrace_set_filter(&ops, "version_proc_show", 17, 1);
	if (!err)
		err = register_ftrace_function(&ops);
	if (err)
		ftrace_free_filter(&ops);
	return err;
}

static void __exit ipmodify_exit(void)
{
	unregister_ftrace_function(&ops);
	ftrace_free_filter(&ops);
}

module_init(ipmodify_init);
module_exit(ipmodify_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
