// SPDX-License-Identifier: GPL-2.0
/*
 * Part of the description is freed when module_init() has returned: EINVAL.
 * what= selects the part. "nothing" is the same patch in memory that is freed
 * in module_exit(): it is accepted.
 */

#include <linux/slab.h>
#include <linux/string.h>
#include "fixture.h"

static char *what = "nothing";
module_param(what, charp, 0);

FIXTURE_VERSION_SHOW("klpx_bad_goes")

static struct {
	struct klpx_func funcs[2];
	struct klpx_object objs[2];
	struct klpx_state states[2];
	struct klpx_patch patch;
	char name[32];
} *kept;

static struct klpx_func init_funcs[2] __initdata;
static struct klpx_object init_objs[2] __initdata;
static struct klpx_state init_states[2] __initdata;
static struct klpx_patch init_patch __initdata;
static char init_name[32] __initdata;

static void __init init_callback(struct klpx_object *obj)
{
}

static int __init init_show(struct seq_file *m, void *v)
{
	return 0;
}

static bool __init is(const char *word)
{
	return !strcmp(what, word);
}

static void __init describe(void)
{
	strscpy(kept->name, "version_proc_show");
	kept->funcs[0] = (struct klpx_func)FIXTURE_FUNC(
		kept->name, is("new_func") ? init_show :
					     fixture_version_proc_show);
	if (is("name"))
		kept->funcs[0].old_name = strcpy(init_name, kept->name);
	memcpy(init_funcs, kept->funcs, sizeof(init_funcs));
	kept->objs[0].funcs = is("funcs") ? init_funcs : kept->funcs;
	if (is("callback"))
		kept->objs[0].callbacks.post_patch = init_callback;
	memcpy(init_objs, kept->objs, sizeof(init_objs));
	kept->states[0].id = 7;
	if (is("state_name"))
		kept->states[0].name = strcpy(init_name, "seven");
	memcpy(init_states, kept->states, sizeof(init_states));
	kept->patch = (struct klpx_patch){
		.mod = THIS_MODULE,
		.objs = is("objs") ? init_objs : kept->objs,
		.states = is("states") ? init_states : kept->states,
	};
	init_patch = kept->patch;
}

static int __init enable(void)
{
	struct klpx_patch on_stack;
	int ret;

	kept = kzalloc(sizeof(*kept), GFP_KERNEL);
	if (!kept)
		return -ENOMEM;
	describe();
	on_stack = kept->patch;
	if (is("stack"))
		ret = klpx_enable_patch(&on_stack);
	else
		ret = klpx_enable_patch(is("patch") ? &init_patch :
						      &kept->patch);
	if (ret)
		kfree(kept);
	return ret;
}

static void __exit leave(void)
{
	kfree(kept);
}

module_init(enable);
module_exit(leave);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
