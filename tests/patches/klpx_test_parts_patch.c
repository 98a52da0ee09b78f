// SPDX-License-Identifier: GPL-2.0
/*
 * Patches the functions of klpx_test_parts.ko: one replacement sleeps in its
 * own cold range; the other leaves with a tail call into a function that
 * sleeps.
 */

#include "fixture.h"
#include "parts.h"

static bool stop_machine;
module_param(stop_machine, bool, 0);

PARTS_COLD(new_parts_cold, "new\n")

static noinline void parts_helper(struct seq_file *m)
{
	klpx_model_sleep();
	seq_puts(m, "new\n");
}

static void new_parts_tail(struct seq_file *m)
{
	parts_helper(m);
}

static struct klpx_func funcs[] = {
	FIXTURE_FUNC("parts_cold", new_parts_cold),
	FIXTURE_FUNC("parts_tail", new_parts_tail),
	{}
};
static struct klpx_object objs[] = {
	{ .name = "klpx_test_parts", .funcs = funcs },
	{}
};
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int enable(void)
{
	if (stop_machine)
		patch.model = KLPX_MODEL_STOP_MACHINE;
	return klpx_enable_patch(&patch);
}

FIXTURE_MODULE(enable());
