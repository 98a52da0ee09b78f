// SPDX-License-Identifier: GPL-2.0
/*
 * The setting; see fastmode.h.
 *
 * Off is the default. ftrace gives a function to one direct caller, so one on
 * the fast path is refused to BPF's fentry and fexit, security agents included,
 * and ftrace refuses them without asking us: klpx notices nothing, and so
 * cannot yield. And a function that is called often is a likely one to be
 * traced. So the operator has to say that the calls matter more.
 */
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "fastmode.h"

static const char *const mode_names[] = {
	[KLPX_FASTPATH_OFF] = "off",
	[KLPX_FASTPATH_HOT] = "hot",
	[KLPX_FASTPATH_ALL] = "all",
};

const char *klpx_fastpath_name(enum klpx_fastpath mode)
{
	return mode_names[mode];
}

int klpx_fastpath_parse(const char *name)
{
	return sysfs_match_string(mode_names, name);
}

static enum klpx_fastpath default_mode = KLPX_FASTPATH_OFF;

static int set_default(const char *text, const struct kernel_param *param)
{
	int mode = klpx_fastpath_parse(text);

	if (mode < 0)
		return mode;
	WRITE_ONCE(default_mode, mode);
	return 0;
}

static int get_default(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%s\n", klpx_fastpath_name(default_mode));
}

static const struct kernel_param_ops default_ops = {
	.set = set_default,
	.get = get_default,
};

module_param_cb(fastpath, &default_ops, NULL, 0644);
MODULE_PARM_DESC(fastpath, "which functions of patches enabled from now on are called directly: off (default), hot, all");

enum klpx_fastpath klpx_fastpath_default(void)
{
	return READ_ONCE(default_mode);
}

void klpx_fastpath_inherit(struct klpx_lpatch *patch)
{
	struct klpx_lpatch *old;
	bool any = false;

	lockdep_assert_held(&klpx_mutex);

	klpx_for_each_replaced(patch, old) {
		if (!any || old->fastpath < patch->fastpath)
			WRITE_ONCE(patch->fastpath, old->fastpath);
		any = true;
	}
}
