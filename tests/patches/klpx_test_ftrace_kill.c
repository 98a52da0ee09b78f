// SPDX-License-Identifier: GPL-2.0
/*
 * Makes ftrace shut itself down for good when it is loaded, like a bug in the
 * kernel or in a user of ftrace.
 */

#include <linux/kprobes.h>
#include "fixture.h"

static int kill(void)
{
	static struct kprobe probe = {
		.symbol_name = "ftrace_kill",
		.flags = KPROBE_FLAG_DISABLED,
	};
	void (*ftrace_kill_it)(void);
	int ret = register_kprobe(&probe);

	if (ret)
		return ret;
	ftrace_kill_it = (void *)probe.addr;
	unregister_kprobe(&probe);
	ftrace_kill_it();
	return 0;
}

FIXTURE_MODULE(kill());
