// SPDX-License-Identifier: GPL-2.0
/* Traces with a kretprobe. */

#include <linux/kprobes.h>
#include "coexist_probe.h"

static int on_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	coexist_seen();
	coexist_returned(regs_return_value(regs));
	return 0;
}

static struct kretprobe probe = { .handler = on_return };

static int add_probe(void)
{
	probe.kp.symbol_name = function;
	return register_kretprobe(&probe);
}

COEXIST_MODULE(add_probe(), unregister_kretprobe(&probe));
