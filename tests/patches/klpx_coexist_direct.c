// SPDX-License-Identifier: GPL-2.0
/*
 * A direct caller, like a BPF trampoline: it lets others redirect the function,
 * after asking them to retry as often as its parameter says.
 */

#include <linux/ftrace.h>
#include <linux/version.h>
#include "fixture.h"

static char *function = "version_proc_show";
module_param(function, charp, 0444);
static int again;
module_param(again, int, 0644);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define OPS_FUNC_ARGS \
	struct ftrace_ops *op, unsigned long ip, enum ftrace_ops_cmd cmd
#else
#define OPS_FUNC_ARGS struct ftrace_ops *op, enum ftrace_ops_cmd cmd
#endif

static int share(OPS_FUNC_ARGS)
{
	if (cmd != FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_PEER || !again)
		return 0;
	again--;
	return -EAGAIN;
}

/* Jumps to the function, or to where another user of ftrace redirects it. */
extern void direct_trampoline(void);
asm("	.pushsection .text, \"ax\", @progbits\n"
    "	.type direct_trampoline, @function\n"
    "direct_trampoline:\n"
    ASM_ENDBR
    ASM_RET
    "	.size direct_trampoline, . - direct_trampoline\n"
    "	.popsection\n");

static struct ftrace_ops ops = { .ops_func = share };

static int __init direct_init(void)
{
	int ret = ftrace_set_filter(&ops, (unsigned char *)function,
				    strlen(function), 1);

	return ret ?: register_ftrace_direct(&ops,
					     (unsigned long)direct_trampoline);
}

static void __exit direct_exit(void)
{
	unregister_ftrace_direct(&ops, (unsigned long)direct_trampoline, true);
}

module_init(direct_init);
module_exit(direct_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
