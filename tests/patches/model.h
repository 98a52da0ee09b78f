/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A patch that is built from its parameters. klpx_model_a.ko, _b and _c differ
 * only in what their functions print: the last part of their name.
 *
 * There is always an object for vmlinux, with version_proc_show() and
 * wait_for_completion_killable() if asked for, and one for the target if
 * `funcs` names functions of it. Callbacks are logged as "a:pre_patch:vmlinux".
 * The target may be loaded at any time.
 */
#ifndef KLPX_TESTS_MODEL_H
#define KLPX_TESTS_MODEL_H

#include <linux/completion.h>
#include "fixture.h"
#include "model_helper.h"

#define MODEL_NAME (KBUILD_MODNAME + sizeof("klpx_model_") - 1)
#define MODEL_MAX 4

static char *object = "klpx_model_target";
module_param(object, charp, 0);
static char *funcs[MODEL_MAX];
static int nr_funcs;
module_param_array(funcs, charp, &nr_funcs, 0);
static ulong sympos;
module_param(sympos, ulong, 0);
static bool version;
module_param(version, bool, 0);
static bool killable;
module_param(killable, bool, 0);
static bool replace;
module_param(replace, bool, 0);
static uint replace_set;
module_param(replace_set, uint, 0);
static bool stop_machine;
module_param(stop_machine, bool, 0);
static bool callbacks;
module_param(callbacks, bool, 0);
static int vmlinux_error;
module_param(vmlinux_error, int, 0644);
static int target_error;
module_param(target_error, int, 0644);

#include "model_states.h"

static int model_version_proc_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s\n", MODEL_NAME);
	return 0;
}

static int model_wait_killable(struct completion *x)
{
	long left = wait_for_completion_killable_timeout(x,
							 MAX_SCHEDULE_TIMEOUT);

	return left < 0 ? left : 0;
}

static void model_show(struct seq_file *m)
{
	seq_printf(m, "%s ", MODEL_NAME);
}

static void model_wait(struct seq_file *m)
{
	klpx_model_sleep();
	seq_printf(m, "%s ", MODEL_NAME);
}

#define MODEL_CALLBACK(verb)                                                   \
	static void model_##verb(struct klpx_object *obj)                      \
	{                                                                      \
		klpx_model_log(MODEL_NAME, #verb,                              \
			       obj->name ? "target" : "vmlinux");              \
	}
MODEL_CALLBACK(post_patch)
MODEL_CALLBACK(pre_unpatch)
MODEL_CALLBACK(post_unpatch)

static int model_pre_patch(struct klpx_object *obj)
{
	klpx_model_log(MODEL_NAME, "pre_patch", obj->name ? "target" : "vmlinux");
	if (!obj->name)
		model_log_prev_state();
	return obj->name ? target_error : vmlinux_error;
}

static struct klpx_func vmlinux_funcs[] = { {}, {}, {} };
static struct klpx_func target_funcs[MODEL_MAX + 1];
static struct klpx_object objs[] = { { .funcs = vmlinux_funcs }, {}, {} };
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

static void model_describe_target(void)
{
	int i;

	for (i = 0; i < nr_funcs; i++) {
		target_funcs[i].old_name = funcs[i];
		target_funcs[i].new_func = strstr(funcs[i], "wait") ?
						   model_wait : model_show;
		target_funcs[i].old_sympos = sympos;
	}
	if (nr_funcs) {
		objs[1].name = object;
		objs[1].funcs = target_funcs;
	}
}

static int model_enable(void)
{
	const struct klpx_callbacks all = { model_pre_patch, model_post_patch,
					    model_pre_unpatch,
					    model_post_unpatch };
	struct klpx_func *func = vmlinux_funcs;

	if (version)
		*func++ = (struct klpx_func)FIXTURE_FUNC(
			"version_proc_show", model_version_proc_show);
	if (killable)
		*func = (struct klpx_func)FIXTURE_FUNC(
			"wait_for_completion_killable", model_wait_killable);
	model_describe_target();
	if (callbacks)
		objs[0].callbacks = all;
	if (callbacks && nr_funcs)
		objs[1].callbacks = all;
	patch.states = model_describe_states();
	patch.replace = replace;
	patch.replace_set = replace_set;
	if (stop_machine)
		patch.model = KLPX_MODEL_STOP_MACHINE;
	return klpx_enable_patch(&patch);
}

FIXTURE_MODULE(model_enable());

#endif /* KLPX_TESTS_MODEL_H */
