/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One patch of klpx_bench_target, built twice: with the names of
 * linux/livepatch.h for the kernel's engine, and with those of klpx/upstream.h
 * for ours. The includer has included one of the two.
 */
#ifndef KLPX_BENCH_PATCH_H
#define KLPX_BENCH_PATCH_H

#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/wait.h>

#include "functions.h"

static unsigned int first;
module_param(first, uint, 0444);
MODULE_PARM_DESC(first, "number of the first of the functions to patch");
static unsigned int count = 1;
module_param(count, uint, 0444);
MODULE_PARM_DESC(count, "how many functions to patch");
static bool hold;
module_param(hold, bool, 0444);
MODULE_PARM_DESC(hold, "patch klpx_bench_hold() as well");
static bool nap;
module_param(nap, bool, 0444);
MODULE_PARM_DESC(nap, "patch klpx_bench_nap() as well");

#define BENCH_ONE(number)                                      \
	static BENCH_FUNCTION unsigned long new_##number(void) \
	{                                                      \
		return BENCH_NEW + BENCH_VALUE(number);        \
	}
BENCH_ALL
#undef BENCH_ONE

/* For new callers: tasks that hold or nap are in the old functions. */
static BENCH_FUNCTION void new_hold(struct seq_file *m)
{
	seq_puts(m, "new\n");
}

static DECLARE_WAIT_QUEUE_HEAD(new_napper);

static BENCH_FUNCTION int new_nap(void)
{
	return wait_event_interruptible(new_napper, false);
}

#define BENCH_ONE(number) \
	{ .old_name = "klpx_bench_" #number, .new_func = new_##number },
static const struct klp_func all[] = { BENCH_ALL };
#undef BENCH_ONE

/* Room for the wanted functions, hold() and nap(), and the end. */
static struct klp_func funcs[BENCH_FUNCTIONS + 3];
static struct klp_object objs[] = {
	{ .name = "klpx_bench_target", .funcs = funcs }, {}
};
static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int __init bench_patch_init(void)
{
	struct klp_func *func = funcs;
	unsigned int i;

	if (first > BENCH_FUNCTIONS || count > BENCH_FUNCTIONS - first)
		return -EINVAL;
	for (i = first; i < first + count; i++)
		*func++ = all[i];
	if (hold)
		*func++ = (struct klp_func){ .old_name = "klpx_bench_hold",
					     .new_func = new_hold };
	if (nap)
		*func++ = (struct klp_func){ .old_name = "klpx_bench_nap",
					     .new_func = new_nap };
	return klp_enable_patch(&patch);
}

static void __exit bench_patch_exit(void)
{
}

module_init(bench_patch_init);
module_exit(bench_patch_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
MODULE_DESCRIPTION("klpx benchmark: a patch of klpx_bench_target");

#endif /* KLPX_BENCH_PATCH_H */
