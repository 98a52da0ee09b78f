// SPDX-License-Identifier: GPL-2.0
/*
 * The second of two cumulative patches. It has everything that
 * klpx_demo_count_v1.c has, replaces it in one transition, continues its count,
 * and also says for how long it has counted. Loaded alone, it starts at zero.
 */

#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <klpx/livepatch.h>

#define COUNT 1001
#define SINCE 1002

/* Set by one of the two pre_patch callbacks below, before the first call. */
static unsigned long since;

static int count_cmdline_proc_show(struct seq_file *m, void *v)
{
	atomic_t *reads = klpx_shadow_get_or_alloc(current->nsproxy->uts_ns,
						   COUNT, sizeof(*reads),
						   GFP_KERNEL, NULL, NULL);

	seq_printf(m, "v2: read %d times in %lu s\n",
		   reads ? atomic_inc_return(reads) : 0,
		   (jiffies - since) / HZ);
	return 0;
}

/* Called if the state is new: no earlier patch has it, so start here. */
static int since_pre_patch(struct klpx_patch *patch, struct klpx_state *state)
{
	since = jiffies;
	state->data = (void *)since;
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
	.version = 2,
};

/* If the patch being replaced has the state, continue from its data. */
static int take_over(struct klpx_object *obj)
{
	struct klpx_state *before = klpx_get_prev_state(SINCE);

	if (before) {
		since = (unsigned long)before->data;
		klpx_get_state(&patch, SINCE)->data = before->data;
	}
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
MODULE_DESCRIPTION("klpx example: a shadow variable and a state, version 2");
