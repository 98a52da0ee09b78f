// SPDX-License-Identifier: GPL-2.0
/*
 * The first of two cumulative patches: /proc/cmdline says how often it has been
 * read in this UTS namespace. The count is a shadow variable of the namespace.
 * The state COUNT owns it: the variable is freed when no patch has that state
 * any more, and kept for a patch that has it (klpx_demo_count_v2.c).
 */

#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <klpx/livepatch.h>

/* Names the state and its shadow variables; the same in all versions. */
#define COUNT 1001
/* When the counting began; klpx_state.data has the jiffies. */
#define SINCE 1002

static int count_cmdline_proc_show(struct seq_file *m, void *v)
{
	/* Allocated by the first read; without memory, a later read retries. */
	atomic_t *reads = klpx_shadow_get_or_alloc(current->nsproxy->uts_ns,
						   COUNT, sizeof(*reads),
						   GFP_KERNEL, NULL, NULL);

	seq_printf(m, "v1: read %d times\n",
		   reads ? atomic_inc_return(reads) : 0);
	return 0;
}

/* Called if the state is new, not if an earlier patch has introduced it. */
static int since_pre_patch(struct klpx_patch *patch, struct klpx_state *state)
{
	state->data = (void *)jiffies;
	return 0;
}

static struct klpx_func funcs[] = {
	{
		.old_name = "cmdline_proc_show",
		.new_func = count_cmdline_proc_show,
	},
	{}
};

static int take_over(struct klpx_object *obj);

static struct klpx_object objs[] = {
	{ .funcs = funcs, .callbacks = { .pre_patch = take_over } },
	{}
};

static struct klpx_state states[] = {
	{ .id = COUNT, .is_shadow = true },
	{ .id = SINCE, .callbacks = { .pre_patch = since_pre_patch } },
	{}
};

static struct klpx_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
	.states = states,
	.replace = true,
	.version = 1,
};

/* If another version is being replaced (a downgrade), take over its data. */
static int take_over(struct klpx_object *obj)
{
	struct klpx_state *before = klpx_get_prev_state(SINCE);

	if (before)
		klpx_get_state(&patch, SINCE)->data = before->data;
	return 0;
}

static int __init demo_init(void)
{
	return klpx_enable_patch(&patch);
}

static void __exit demo_exit(void)
{
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx example: a shadow variable and a state, version 1");
