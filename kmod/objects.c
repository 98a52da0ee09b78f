// SPDX-License-Identifier: GPL-2.0
/* Checking descriptions and finding functions; see objects.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/string.h>

#include "objects.h"
#include "symbols.h"

static const char *object_name(const struct klpx_object *obj)
{
	return obj->name ?: "vmlinux";
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

static bool is_end(const struct klpx_func *func)
{
	return !func->old_name && !func->new_func && !func->old_sympos;
}

static int check_object(const struct klpx_patch *patch,
			const struct klpx_object *obj)
{
	const struct klpx_func *func;
	int ret;

	if (!obj->funcs || is_end(obj->funcs)) {
		pr_err("'%s': object '%s' has no functions\n",
		       patch->mod->name, object_name(obj));
		return -EINVAL;
	}
	if (obj->name) {
		pr_err("'%s': object '%s': only functions of vmlinux can be patched yet\n",
		       patch->mod->name, obj->name);
		return -EINVAL;
	}
	if (obj != patch->objs) {
		pr_err("'%s': object 'vmlinux' is listed twice\n",
		       patch->mod->name);
		return -EEXIST;
	}
	for (func = obj->funcs; !is_end(func); func++) {
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
	if (!patch->objs || !(patch->objs->funcs || patch->objs->name)) {
		pr_err("'%s': no objects\n", patch->mod->name);
		return -EINVAL;
	}
	for (obj = patch->objs; obj->funcs || obj->name; obj++) {
		ret = check_object(patch, obj);
		if (ret)
			return ret;
	}
	return 0;
}

struct match {
	unsigned long addr;
	unsigned long count;
	unsigned long pos;
};

static int match_symbol(void *data, unsigned long addr)
{
	struct match *match = data;

	match->addr = addr;
	match->count++;

	/* Enough seen: the position is reached, or it cannot be unique. */
	return match->pos ? match->count == match->pos : match->count > 1;
}

static int find_symbol(const char *objname, const struct klpx_func *func,
		       unsigned long *addr)
{
	struct match match = { .pos = func->old_sympos };

	klpx_sym_on_each_match(match_symbol, func->old_name, &match);

	if (!match.count) {
		pr_err("symbol '%s' not found in symbol table\n",
		       func->old_name);
		return -EINVAL;
	}
	if (!match.pos && match.count > 1) {
		pr_err("unresolvable ambiguity for symbol '%s' in object '%s'\n",
		       func->old_name, objname);
		return -EINVAL;
	}
	if (match.pos && match.count != match.pos) {
		pr_err("symbol position %lu for symbol '%s' in object '%s' not found\n",
		       match.pos, func->old_name, objname);
		return -EINVAL;
	}
	*addr = match.addr;
	return 0;
}

static int resolve_func(struct klpx_lpatch *patch, struct klpx_lobject *obj,
			struct klpx_lfunc *func)
{
	unsigned long new_addr = (unsigned long)func->desc->new_func;
	const char *name = func->desc->old_name;
	unsigned long offset;
	int ret;

	ret = find_symbol(object_name(obj->desc), func->desc, &func->old_addr);
	if (ret)
		return ret;

	if (!klpx_sym_kallsyms_size(func->old_addr, &func->old_size, &offset)) {
		pr_err("kallsyms size lookup failed for '%s'\n", name);
		return -ENOENT;
	}

	/* A function elsewhere would outlive its check, or its code. */
	if (!within_module(new_addr, patch->desc->mod)) {
		pr_err("replacement of '%s' is not a function of module '%s'\n",
		       name, patch->name);
		return -EINVAL;
	}
	if (!klpx_sym_kallsyms_size(new_addr, &func->new_size, &offset)) {
		pr_err("kallsyms size lookup failed for '%s' replacement\n",
		       name);
		return -ENOENT;
	}
	func->version.new_func = func->desc->new_func;

	func->ip = klpx_sym_ftrace_location(func->old_addr);
	if (!func->ip) {
		pr_err("failed to find location for function '%s'\n", name);
		return -EINVAL;
	}
	return 0;
}

/* Two names of one function would give it two versions of one patch. */
static int check_alias(struct klpx_lobject *obj, struct klpx_lfunc *func)
{
	struct klpx_lfunc *other;

	klpx_for_each_func(obj, other) {
		if (other == func)
			return 0;
		if (other->ip != func->ip)
			continue;
		pr_err("'%s' and '%s' are one function\n",
		       other->desc->old_name, func->desc->old_name);
		return -EEXIST;
	}
	return 0;
}

int klpx_resolve_objects(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	int ret;

	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func) {
			ret = resolve_func(patch, obj, func);
			if (!ret)
				ret = check_alias(obj, func);
			if (ret)
				return ret;
		}
	return 0;
}
