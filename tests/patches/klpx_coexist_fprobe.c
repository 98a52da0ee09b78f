// SPDX-License-Identifier: GPL-2.0
/* Traces with an fprobe: at entry, or at exit with at_exit=1. */

#include <linux/fprobe.h>
#include <linux/version.h>
#include "coexist_probe.h"

static bool at_exit;
module_param(at_exit, bool, 0444);

/* Since v6.14 on top of function_graph, with its registers. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
typedef struct ftrace_regs probe_regs;
#define return_value(regs) ftrace_regs_get_return_value(regs)
#else
typedef struct pt_regs probe_regs;
#define return_value(regs) regs_return_value(regs)
#endif

static int on_entry(struct fprobe *probe, unsigned long entry_ip,
		    unsigned long ret_ip, probe_regs *regs, void *data)
{
	coexist_seen();
	return 0;
}

static void on_exit(struct fprobe *probe, unsigned long entry_ip,
		    unsigned long ret_ip, probe_regs *regs, void *data)
{
	coexist_seen();
	coexist_returned(return_value(regs));
}

static struct fprobe probe;

static int add_probe(void)
{
	const char *names[] = { function };

	if (at_exit)
		probe.exit_handler = on_exit;
	else
		probe.entry_handler = on_entry;
	return register_fprobe_syms(&probe, names, ARRAY_SIZE(names));
}

COEXIST_MODULE(add_probe(), unregister_fprobe(&probe));
