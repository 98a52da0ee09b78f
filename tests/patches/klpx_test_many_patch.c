// SPDX-License-Identifier: GPL-2.0
/*
 * Patches one function of klpx_test_many.ko, with a position if two have that
 * name; its replacement does not sleep.
 */

#include "fixture.h"

static bool stop_machine;
module_param(stop_machine, bool, 0);
static char *function = "many_same";
module_param(function, charp, 0);
static unsigned long position;
module_param(position, ulong, 0);

static void new_many(struct seq_file *m)
{
	seq_puts(m, "new\n");
}

static struct klpx_func funcs[] = { FIXTURE_FUNC(NULL, new_many), {} };
static struct klpx_object objs[] = {
	{ .name = "klpx_test_many", .funcs = funcs },
	{}
};
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int enable(void)
{
	funcs[0].old_name = function;
	funcs[0].old_sympos = position;
	if (stop_machine)
		patch.model = KLPX_MODEL_STOP_MACHINE;
	return klpx_enable_patch(&patch);
}

FIXTURE_MODULE(enable());
