// SPDX-License-Identifier: GPL-2.0
/* Checking what the author of a patch wrote; see description.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <klpx/names.h>

#include "description.h"
#include "pointers.h"
#include "relocations.h"

static_assert(KLPX_SYMBOL_LEN == KSYM_NAME_LEN);
static_assert(KLPX_PATCH_NAME_LEN == MODULE_NAME_LEN);

static const char *object_name(const struct klpx_object *obj)
{
	return obj->name ?: "vmlinux";
}

/* NULL: @copy has the name, which can be read where it is, and stays. */
static const char *why_no_name(const struct module *mod, const char *name,
			       char *copy, size_t size)
{
	int ret = klpx_read_name(copy, name, size);

	if (ret == -E2BIG)
		return "is too long";
	if (ret)
		return "is no string; has the array no end?";
	return klpx_stays(mod, name, strlen(copy) + 1) ? NULL : KLPX_GOES;
}

static int check_replacement(const struct module *mod,
			     const struct klpx_func *func)
{
	unsigned long addr = (unsigned long)func->new_func;
	const char *why;

	/* A function elsewhere would outlive its check, or its code. */
	if (!within_module(addr, mod))
		why = "is not a function of this module";
	else
		why = klpx_why_no_function(mod, addr);
	if (!why)
		return 0;
	pr_err("'%s': replacement of '%s' %s\n", mod->name, func->old_name,
	       why);
	return -EINVAL;
}

static int check_func(const struct module *mod, const struct klpx_object *obj,
		      unsigned int index, const struct klpx_func *func)
{
	char name[KLPX_SYMBOL_LEN];
	const struct klpx_func *other;
	const char *why;

	if (!func->old_name || !func->new_func) {
		pr_err("'%s': object '%s': function %u has no %s\n", mod->name,
		       object_name(obj), index,
		       func->old_name ? "new_func" : "old_name");
		return -EINVAL;
	}
	why = why_no_name(mod, func->old_name, name, sizeof(name));
	if (!why && !klpx_is_symbol_name(name))
		why = "is no symbol's";
	if (why) {
		pr_err("'%s': object '%s': name of function %u %s\n", mod->name,
		       object_name(obj), index, why);
		return -EINVAL;
	}
	for (other = obj->funcs; other < obj->funcs + index; other++) {
		if (strcmp(other->old_name, name) ||
		    max(other->old_sympos, 1UL) != max(func->old_sympos, 1UL))
			continue;
		pr_err("'%s': function '%s' is listed twice\n", mod->name,
		       name);
		return -EEXIST;
	}
	return check_replacement(mod, func);
}

static int check_funcs(const struct module *mod, const struct klpx_object *obj)
{
	struct klpx_func func;
	const char *why;
	unsigned int i;
	int ret;

	for (i = 0;; i++) {
		why = klpx_why_no_element(mod, obj->funcs, obj->funcs + i,
					  &func, sizeof(func));
		if (!why && klpx_is_last_func(&func))
			return 0;
		if (!why && i == KLPX_MAX_FUNCTIONS)
			why = "are too many";
		if (why) {
			pr_err("'%s': object '%s': its functions %s\n",
			       mod->name, object_name(obj), why);
			return -EINVAL;
		}
		ret = check_func(mod, obj, i, &func);
		if (ret)
			return ret;
		/* Each is compared with those before it. */
		cond_resched();
	}
}

/* What no module, or none that can be patched, is called. */
static int check_object_name(const struct module *mod, const char *name)
{
	char meant[KLPX_PATCH_NAME_LEN];

	switch (klpx_judge_object_name(name)) {
	case KLPX_OBJECT_FILE:
		klpx_meant_module(name, meant);
		pr_err("'%s': object '%s': no module is called that; '%s' is, if the file is meant\n",
		       mod->name, name, meant);
		return -EINVAL;
	case KLPX_OBJECT_RESERVED:
		pr_err("'%s': object '%s': the patch has a file of that name in sysfs; such a module cannot be patched\n",
		       mod->name, name);
		return -EINVAL;
	case KLPX_OBJECT_NO_TARGET:
		break;
	case KLPX_OBJECT_OK:
		if (strcmp(name, mod->name))
			return 0;
		break;
	case KLPX_OBJECT_EMPTY:
	case KLPX_OBJECT_TOO_LONG:
	case KLPX_OBJECT_ODD:
		pr_err("'%s': the name of an object is no module's\n",
		       mod->name);
		return -EINVAL;
	}
	pr_err("'%s': object '%s': not a module that can be patched\n",
	       mod->name, name);
	return -EINVAL;
}

static int check_callbacks(const struct module *mod,
			   const struct klpx_object *obj)
{
	const struct klpx_callbacks *callbacks = &obj->callbacks;
	const unsigned long addrs[] = {
		(unsigned long)callbacks->pre_patch,
		(unsigned long)callbacks->post_patch,
		(unsigned long)callbacks->pre_unpatch,
		(unsigned long)callbacks->post_unpatch,
	};
	const char *why;

	if (klpx_are_functions(mod, addrs, ARRAY_SIZE(addrs), &why))
		return 0;
	pr_err("'%s': object '%s': a callback is no function: it %s\n",
	       mod->name, object_name(obj), why);
	return -EINVAL;
}

static int check_object(const struct klpx_patch *patch, unsigned int index,
			const struct klpx_object *obj)
{
	const struct module *mod = patch->mod;
	const struct klpx_object *other;
	char name[KLPX_SYMBOL_LEN];
	const char *why = NULL;
	int ret;

	if (obj->name)
		why = why_no_name(mod, obj->name, name, sizeof(name));
	if (why) {
		pr_err("'%s': name of object %u %s\n", mod->name, index, why);
		return -EINVAL;
	}
	ret = obj->name ? check_object_name(mod, name) : 0;
	if (ret)
		return ret;
	for (other = patch->objs; other < patch->objs + index; other++) {
		if (strcmp(object_name(other), object_name(obj)))
			continue;
		pr_err("'%s': object '%s' is listed twice\n", mod->name,
		       object_name(obj));
		return -EEXIST;
	}
	if (!obj->funcs) {
		pr_err("'%s': object '%s' has no functions\n", mod->name,
		       object_name(obj));
		return -EINVAL;
	}
	ret = check_funcs(mod, obj);
	return ret ?: check_callbacks(mod, obj);
}

static int check_objects(const struct klpx_patch *patch)
{
	const struct module *mod = patch->mod;
	struct klpx_object obj;
	const char *why;
	unsigned int i;
	int ret;

	for (i = 0;; i++) {
		why = klpx_why_no_element(mod, patch->objs, patch->objs + i,
					  &obj, sizeof(obj));
		if (!why && !obj.funcs && !obj.name && i)
			return 0;
		if (!why && !obj.funcs && !obj.name)
			why = "are none";
		if (!why && i == KLPX_MAX_OBJECTS)
			why = "are too many";
		if (why) {
			pr_err("'%s': its objects %s\n", mod->name, why);
			return -EINVAL;
		}
		ret = check_object(patch, i, &obj);
		if (ret)
			return ret;
	}
}

/* What is wrong with @state, a copy; NULL if nothing. */
static const char *why_no_state(const struct module *mod,
			       const struct klpx_state *state)
{
	const struct klpx_state_callbacks *callbacks = &state->callbacks;
	const unsigned long addrs[] = {
		(unsigned long)callbacks->pre_patch,
		(unsigned long)callbacks->post_patch,
		(unsigned long)callbacks->pre_unpatch,
		(unsigned long)callbacks->post_unpatch,
		(unsigned long)callbacks->shadow_dtor,
	};
	char name[KLPX_STATE_NAME_LEN];
	const char *why;

	if (!klpx_are_functions(mod, addrs, ARRAY_SIZE(addrs), &why))
		return why;
	if (!state->name)
		return NULL;
	if (klpx_read_name(name, state->name, sizeof(name)))
		return "runs off its page, or is too long";
	if (!klpx_is_state_name(name))
		return "is not printable";
	return klpx_stays(mod, state->name, strlen(name) + 1) ? NULL :
								KLPX_GOES;
}

static int check_state(const struct klpx_patch *desc, unsigned int index,
		       const struct klpx_state *state)
{
	const struct klpx_state *other;
	const char *why = why_no_state(desc->mod, state);

	if (why) {
		pr_err("'%s': state %lu: a callback is no function, or its name no string: it %s; have the states no end?\n",
		       desc->mod->name, state->id, why);
		return -EINVAL;
	}
	for (other = desc->states; other < desc->states + index; other++) {
		if (other->id != state->id)
			continue;
		pr_err("'%s': state %lu is listed twice\n", desc->mod->name,
		       state->id);
		return -EINVAL;
	}
	return 0;
}

static int check_states(const struct klpx_patch *desc)
{
	struct klpx_state state;
	const char *why;
	unsigned int i;
	int ret;

	for (i = 0; desc->states; i++) {
		why = klpx_why_no_element(desc->mod, desc->states,
					  desc->states + i, &state,
					  sizeof(state));
		if (!why && !state.id)
			break;
		if (!why && i == KLPX_MAX_STATES)
			why = "are too many";
		if (why) {
			pr_err("'%s': its states %s\n", desc->mod->name, why);
			return -EINVAL;
		}
		ret = check_state(desc, i, &state);
		if (ret)
			return ret;
	}
	return 0;
}

/* The structure itself, whose members are read in place from here on. */
static const char *why_no_patch(const struct klpx_patch *patch,
				const struct module *mod)
{
	struct klpx_patch copy;

	if (!patch || !klpx_read(&copy, patch, sizeof(copy)))
		return "is none";
	if (!klpx_stays(mod, patch, sizeof(copy)))
		return KLPX_GOES;
	if (copy.mod != mod)
		return "has a .mod that is not THIS_MODULE";
	if (copy.model != KLPX_MODEL_TASKS &&
	    copy.model != KLPX_MODEL_STOP_MACHINE)
		return "has an unknown .model";
	return copy.objs ? NULL : "has no objects";
}

/*
 * Taken: some want a patch that stays for good. But the loader refuses to
 * remove such a module, disabled or not, and its author may not have known.
 */
static void warn_if_permanent(const struct module *mod)
{
#ifdef CONFIG_MODULE_UNLOAD
	if (!mod->exit)
		pr_warn("'%s': has no module_exit(): its patch can be disabled, but its module cannot be removed\n",
			mod->name);
#endif
}

int klpx_check_description(const struct klpx_patch *patch,
			   const struct module *mod)
{
	const char *why = why_no_patch(patch, mod);
	int ret;

	if (why) {
		pr_err("'%s': its struct klpx_patch %s\n", mod->name, why);
		return -EINVAL;
	}
	ret = check_objects(patch);
	if (!ret)
		ret = check_states(patch);
	if (!ret)
		ret = klpx_relocations_check(patch);
	if (!ret)
		warn_if_permanent(mod);
	return ret;
}
