// SPDX-License-Identifier: GPL-2.0
/* Checking descriptions and finding functions; see objects.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "lookup.h"
#include "objects.h"
#include "parts.h"
#include "relocations.h"
#include "replace.h"
#include "states.h"
#include "symbols.h"

static const char *object_name(const struct klpx_object *obj)
{
	return obj->name ?: "vmlinux";
}

bool klpx_is_readable(const void *start, size_t size)
{
	char byte;

	return !copy_from_kernel_nofault(&byte, start, 1) &&
	       !copy_from_kernel_nofault(&byte, start + size - 1, 1);
}

bool klpx_are_functions(const unsigned long *addrs, size_t n)
{
	unsigned long size, offset;

	for (; n--; addrs++)
		if (*addrs && (!klpx_sym_kallsyms_size(*addrs, &size, &offset) ||
			       offset))
			return false;
	return true;
}

static bool are_callbacks(const struct klpx_callbacks *callbacks)
{
	const unsigned long addrs[] = {
		(unsigned long)callbacks->pre_patch,
		(unsigned long)callbacks->post_patch,
		(unsigned long)callbacks->pre_unpatch,
		(unsigned long)callbacks->post_unpatch,
	};

	return klpx_are_functions(addrs, ARRAY_SIZE(addrs));
}

static int check_func(const struct klpx_patch *patch,
		      const struct klpx_object *obj,
		      const struct klpx_func *func)
{
	const struct klpx_func *other;

	if (!func->old_name || !func->new_func) {
		pr_err("'%s': object '%s': function %td has no %s\n",
		       patch->mod->name, object_name(obj), func - obj->funcs,
		       func->old_name ? "new_func" : "old_name");
		return -EINVAL;
	}
	if (!klpx_is_readable(func->old_name, 1)) {
		pr_err("'%s': object '%s': name of function %td is no string; has the array no end?\n",
		       patch->mod->name, object_name(obj), func - obj->funcs);
		return -EINVAL;
	}
	if (strnlen(func->old_name, KSYM_NAME_LEN) == KSYM_NAME_LEN) {
		pr_err("'%s': object '%s': name of function %td is too long\n",
		       patch->mod->name, object_name(obj), func - obj->funcs);
		return -EINVAL;
	}
	for (other = obj->funcs; other < func; other++) {
		if (strcmp(other->old_name, func->old_name) ||
		    max(other->old_sympos, 1UL) != max(func->old_sympos, 1UL))
			continue;
		pr_err("'%s': function '%s' is listed twice\n",
		       patch->mod->name, func->old_name);
		return -EEXIST;
	}
	return 0;
}

static int check_object(const struct klpx_patch *patch,
			const struct klpx_object *obj)
{
	const struct klpx_object *other;
	const struct klpx_func *func;
	int ret;

	if (obj->name && !klpx_is_readable(obj->name, 1)) {
		pr_err("'%s': name of object %td is no string; has the array no end?\n",
		       patch->mod->name, obj - patch->objs);
		return -EINVAL;
	}
	if (!obj->funcs) {
		pr_err("'%s': object '%s' has no functions\n",
		       patch->mod->name, object_name(obj));
		return -EINVAL;
	}
	if (obj->name &&
	    strnlen(obj->name, MODULE_NAME_LEN) == MODULE_NAME_LEN) {
		pr_err("'%s': name of object %td is too long\n",
		       patch->mod->name, obj - patch->objs);
		return -EINVAL;
	}
	if (obj->name && (!strcmp(obj->name, "vmlinux") ||
			  !strcmp(obj->name, KBUILD_MODNAME) ||
			  !strcmp(obj->name, patch->mod->name))) {
		pr_err("'%s': object '%s': not a module that can be patched\n",
		       patch->mod->name, obj->name);
		return -EINVAL;
	}
	for (other = patch->objs; other < obj; other++) {
		if (strcmp(object_name(other), object_name(obj)))
			continue;
		pr_err("'%s': object '%s' is listed twice\n",
		       patch->mod->name, object_name(obj));
		return -EEXIST;
	}
	if (!klpx_is_readable(obj->funcs, sizeof(*obj->funcs)) ||
	    !are_callbacks(&obj->callbacks)) {
		pr_err("'%s': object '%s': its functions are no array, or a callback is no function; have the objects no end?\n",
		       patch->mod->name, object_name(obj));
		return -EINVAL;
	}
	for (func = obj->funcs;; func++) {
		if (klpx_ran_out(patch->mod, obj->funcs, func + 1)) {
			pr_err("'%s': object '%s': its functions have no end\n",
			       patch->mod->name, object_name(obj));
			return -EINVAL;
		}
		if (klpx_is_last_func(func))
			break;
		ret = check_func(patch, obj, func);
		if (ret)
			return ret;
	}
	return 0;
}

int klpx_check_description(const struct klpx_patch *patch)
{
	const struct klpx_object *obj;
	int ret;

	if (!patch || !patch->mod)
		return -EINVAL;
	if (patch->model != KLPX_MODEL_TASKS &&
	    patch->model != KLPX_MODEL_STOP_MACHINE) {
		pr_err("'%s': unknown model %u\n", patch->mod->name,
		       patch->model);
		return -EINVAL;
	}
	if (!patch->objs || !(patch->objs->funcs || patch->objs->name)) {
		pr_err("'%s': no objects\n", patch->mod->name);
		return -EINVAL;
	}
	for (obj = patch->objs;; obj++) {
		if (klpx_ran_out(patch->mod, patch->objs, obj + 1)) {
			pr_err("'%s': its objects have no end\n",
			       patch->mod->name);
			return -EINVAL;
		}
		if (!obj->funcs && !obj->name)
			break;
		ret = check_object(patch, obj);
		if (ret)
			return ret;
	}
	ret = klpx_states_check(patch);
	return ret ?: klpx_relocations_check(patch);
}

/* The replacement: known as soon as the patch module is loaded. */
static int resolve_new(const struct klpx_lpatch *patch,
		       const struct klpx_part_table *table,
		       struct klpx_lfunc *func)
{
	unsigned long addr = (unsigned long)func->new_func;
	unsigned long offset;

	if (func->nop)
		return 0;
	/* A function elsewhere would outlive its check, or its code. */
	if (!within_module_mem_type(addr, patch->desc->mod, MOD_TEXT)) {
		pr_err("replacement of '%s' is not a function of module '%s'\n",
		       func->old_name, patch->name);
		return -EINVAL;
	}
	if (!klpx_sym_kallsyms_size(addr, &func->new_size, &offset) ||
	    !func->new_size) {
		pr_err("kallsyms size lookup failed for '%s' replacement\n",
		       func->old_name);
		return -ENOENT;
	}
	func->version.new_func = func->new_func;
	return klpx_parts_find(table, addr, NULL, &func->new_parts);
}

/* Of the object that is patched, and of the patch module. */
struct part_tables {
	struct klpx_part_table *old, *new;
};

static int resolve_func(const struct klpx_lpatch *patch,
			const struct klpx_lobject *obj,
			const struct part_tables *tables,
			struct klpx_lfunc *func)
{
	unsigned long offset;
	int ret;

	ret = klpx_lookup(obj->name, func->old_name, func->old_sympos,
			  &func->old_addr);
	if (ret)
		return ret;
	if (!klpx_sym_kallsyms_size(func->old_addr, &func->old_size, &offset) ||
	    !func->old_size) {
		pr_err("kallsyms size lookup failed for '%s'\n",
		       func->old_name);
		return -ENOENT;
	}
	/* Freed when the module has been initialised; nobody tells ftrace_ops. */
	if (obj->mod && within_module_init(func->old_addr, obj->mod)) {
		pr_err("'%s' of module '%s' is for its initialisation only (__init)\n",
		       func->old_name, obj->name);
		return -EINVAL;
	}
	ret = klpx_parts_find(tables->old, func->old_addr, func->old_name,
			      &func->old_parts);
	if (!ret)
		ret = resolve_new(patch, tables->new, func);
	if (ret)
		return ret;

	func->ip = klpx_sym_ftrace_location(func->old_addr);
	if (!func->ip) {
		pr_err("failed to find location for function '%s'\n",
		       func->old_name);
		return -EINVAL;
	}
	return 0;
}

/* Two names of one function would give it two versions of one patch. */
static int check_alias(const struct klpx_lobject *obj,
		       const struct klpx_lfunc *func)
{
	struct klpx_lfunc *other;

	klpx_for_each_func(obj, other) {
		if (other == func)
			return 0;
		if (other->ip != func->ip)
			continue;
		pr_err("'%s' and '%s' are one function\n", other->old_name,
		       func->old_name);
		return -EEXIST;
	}
	return 0;
}

static int resolve_each(const struct klpx_lpatch *patch,
			struct klpx_lobject *obj,
			const struct part_tables *tables)
{
	struct klpx_lfunc *func;
	int ret;

	klpx_for_each_func(obj, func) {
		ret = resolve_func(patch, obj, tables, func);
		if (!ret)
			ret = check_alias(obj, func);
		if (!ret)
			ret = klpx_replace_check_func(patch, func);
		if (ret)
			return ret;
		cond_resched();
	}
	return 0;
}

static int resolve_funcs(const struct klpx_lpatch *patch,
			 struct klpx_lobject *obj)
{
	struct part_tables tables;
	int ret;

	tables.old = klpx_parts_get(obj->name);
	if (IS_ERR(tables.old))
		return PTR_ERR(tables.old);
	tables.new = klpx_parts_get(patch->name);
	if (IS_ERR(tables.new)) {
		klpx_parts_put(tables.old);
		return PTR_ERR(tables.new);
	}
	ret = resolve_each(patch, obj, &tables);
	klpx_parts_put(tables.new);
	klpx_parts_put(tables.old);
	return ret;
}

int klpx_resolve_object(const struct klpx_lpatch *patch,
			struct klpx_lobject *obj)
{
	int ret;

	ret = klpx_relocations_write(patch, obj);
	if (ret)
		return ret;
	ret = resolve_funcs(patch, obj);
	if (ret)
		klpx_relocations_clear(patch, obj);
	return ret;
}

void klpx_unresolve_object(const struct klpx_lpatch *patch,
			   struct klpx_lobject *obj)
{
	klpx_relocations_clear(patch, obj);
}
