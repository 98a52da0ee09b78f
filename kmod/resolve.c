// SPDX-License-Identifier: GPL-2.0
/* Finding the functions that a patch describes; see resolve.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/string.h>

#include "cold_ranges.h"
#include "lookup.h"
#include "relocations.h"
#include "replace.h"
#include "resolve.h"
#include "symbols.h"

/* The replacement; that it is a function of the module: description.c. */
static int resolve_new(const struct klpx_lpatch *patch,
		       const struct klpx_cold_table *table,
		       struct klpx_lfunc *func)
{
	unsigned long addr = (unsigned long)func->new_func;
	unsigned long offset;

	if (func->nop)
		return 0;
	if (!klpx_sym_kallsyms_size(addr, &func->new_size, &offset) ||
	    !func->new_size) {
		pr_err("kallsyms size lookup failed for '%s' replacement\n",
		       func->old_name);
		return -ENOENT;
	}
	func->version.new_func = func->new_func;
	return klpx_cold_ranges_find(table, addr, NULL, &func->new_cold);
}

/* The tables of the object that is patched, and of the patch module. */
struct cold_tables {
	struct klpx_cold_table *old, *new;
};

static int resolve_func(const struct klpx_lpatch *patch,
			const struct klpx_lobject *obj,
			const struct cold_tables *tables,
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
	/*
	 * Freed when the module has been initialised, and no ftrace_ops is
	 * told.
	 */
	if (obj->mod && within_module_init(func->old_addr, obj->mod)) {
		pr_err("'%s' of module '%s' is for its initialisation only (__init)\n",
		       func->old_name, obj->name);
		return -EINVAL;
	}
	ret = klpx_cold_ranges_find(tables->old, func->old_addr, func->old_name,
				    &func->old_cold);
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
			const struct cold_tables *tables)
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
	struct cold_tables tables;
	int ret;

	tables.old = klpx_cold_table_get(obj->name);
	if (IS_ERR(tables.old))
		return PTR_ERR(tables.old);
	tables.new = klpx_cold_table_get(patch->name);
	if (IS_ERR(tables.new)) {
		klpx_cold_table_put(tables.old);
		return PTR_ERR(tables.new);
	}
	ret = resolve_each(patch, obj, &tables);
	klpx_cold_table_put(tables.new);
	klpx_cold_table_put(tables.old);
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
