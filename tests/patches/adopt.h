/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A patch for the kernel's own livepatch that is built from its parameters, as
 * model.h is for klpx; nothing in it is of klpx. klpx_adopt_x.ko and _y differ
 * only in what their functions print: the last part of their name. On a kernel
 * without livepatch they are modules that do nothing.
 *
 * There is always an object for vmlinux, with version_proc_show() and
 * wait_for_completion_killable() if asked for, and one for the target if
 * `funcs` names functions of it. Callbacks are logged as "x:pre_patch:vmlinux".
 */
#ifndef KLPX_TESTS_ADOPT_H
#define KLPX_TESTS_ADOPT_H

#include <linux/completion.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "model_helper.h"

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
MODULE_INFO(livepatch, "Y");

#if IS_ENABLED(CONFIG_LIVEPATCH)

#define ADOPT_NAME (KBUILD_MODNAME + sizeof("klpx_adopt_") - 1)
#define ADOPT_MAX 4

static char *object = "klpx_model_target";
module_param(object, charp, 0);
static char *funcs[ADOPT_MAX];
static int nr_funcs;
module_param_array(funcs, charp, &nr_funcs, 0);
static bool version;
module_param(version, bool, 0);
static bool killable;
module_param(killable, bool, 0);
static bool replace;
module_param(replace, bool, 0);
static bool callbacks;
module_param(callbacks, bool, 0);
static int vmlinux_error;
module_param(vmlinux_error, int, 0644);
static int target_error;
module_param(target_error, int, 0644);
static int times = 1;
module_param(times, int, 0);
MODULE_PARM_DESC(times, "how often klp_enable_patch() is called");
static int result;
module_param(result, int, 0);
MODULE_PARM_DESC(result, "what module_init() returns if it was enabled");

static int adopt_version_proc_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s\n", ADOPT_NAME);
	return 0;
}

static int adopt_wait_killable(struct completion *x)
{
	long left =
		wait_for_completion_killable_timeout(x, MAX_SCHEDULE_TIMEOUT);

	return left < 0 ? left : 0;
}

static void adopt_show(struct seq_file *m)
{
	seq_printf(m, "%s ", ADOPT_NAME);
}

static struct klp_func vmlinux_funcs[] = { {}, {}, {} };
static struct klp_func target_funcs[ADOPT_MAX + 1];
static struct klp_object objs[] = { { .funcs = vmlinux_funcs }, {}, {} };
static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objs };

#include "adopt_states.h"

/* Callbacks are given the author's own object, with the target's module. */
static const char *adopt_object(const struct klp_object *obj)
{
	if (obj != &objs[0] && obj != &objs[1])
		return "not_its_object";
	if (obj->name && (!obj->mod || strcmp(obj->mod->name, obj->name)))
		return "not_its_module";
	return obj->name ? "target" : "vmlinux";
}

#define ADOPT_CALLBACK(verb)                                          \
	static void adopt_##verb(struct klp_object *obj)              \
	{                                                             \
		klpx_model_log(ADOPT_NAME, #verb, adopt_object(obj)); \
	}
ADOPT_CALLBACK(post_patch)
ADOPT_CALLBACK(pre_unpatch)
ADOPT_CALLBACK(post_unpatch)

static int adopt_pre_patch(struct klp_object *obj)
{
	klpx_model_log(ADOPT_NAME, "pre_patch", adopt_object(obj));
	if (!obj->name)
		adopt_log_prev_state();
	return obj->name ? target_error : vmlinux_error;
}

static void adopt_describe(void)
{
	const struct klp_callbacks all = { adopt_pre_patch, adopt_post_patch,
					   adopt_pre_unpatch,
					   adopt_post_unpatch };
	struct klp_func *func = vmlinux_funcs;
	int i;

	if (version)
		*func++ = (struct klp_func){ .old_name = "version_proc_show",
					     .new_func =
						     adopt_version_proc_show };
	if (killable)
		*func = (struct klp_func){
			.old_name = "wait_for_completion_killable",
			.new_func = adopt_wait_killable
		};
	for (i = 0; i < nr_funcs; i++)
		target_funcs[i] = (struct klp_func){ .old_name = funcs[i],
						     .new_func = adopt_show };
	if (nr_funcs) {
		objs[1].name = object;
		objs[1].funcs = target_funcs;
	}
	if (callbacks)
		objs[0].callbacks = all;
	if (callbacks && nr_funcs)
		objs[1].callbacks = all;
	patch.states = adopt_describe_states();
	patch.replace = replace;
}

static int __init adopt_init(void)
{
	int i, ret = 0;

	adopt_describe();
	for (i = 0; i < times && !ret; i++)
		ret = klp_enable_patch(&patch);
	if (ret && i > 1) {
		pr_info("the second time: %d\n", ret);
		ret = 0;
	}
	return ret ?: result;
}

#else
static int __init adopt_init(void)
{
	return 0;
}
#endif

static void __exit adopt_exit(void)
{
}

module_init(adopt_init);
module_exit(adopt_exit);

#endif /* KLPX_TESTS_ADOPT_H */
