/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the author of a patch module includes: descriptions of what to replace
 * and klpx_enable_patch(). The model is that of the kernel's own livepatch
 * (Documentation/livepatch/livepatch.rst); docs/PATCH-AUTHORS.md has examples.
 *
 * The structures are descriptions: the engine keeps its own records beside
 * them. They, the strings and the functions they point at must live as long
 * as the patch module, that is: be static data of it.
 */
#ifndef KLPX_LIVEPATCH_H
#define KLPX_LIVEPATCH_H

#include <linux/module.h>
#include <linux/types.h>

/**
 * struct klpx_func - one function and what replaces it
 * @old_name:	name of the function in @object's symbol table
 * @new_func:	the replacement; same prototype, same calling context
 * @old_sympos:	which one, if several symbols of the object have this name:
 *		1 is the first in the object's symbol table, 0 says the name
 *		is unique (anything else is refused with -EINVAL)
 *
 * An array of these ends with an empty element.
 */
struct klpx_func {
	const char *old_name;
	void *new_func;
	unsigned long old_sympos;
};

/**
 * struct klpx_object - the functions to replace in one object
 * @name:	NULL for vmlinux, otherwise the name of a module
 * @funcs:	its functions
 *
 * An array of these ends with an empty element.
 */
struct klpx_object {
	const char *name;
	struct klpx_func *funcs;
};

/**
 * struct klpx_patch - a live patch
 * @mod:	THIS_MODULE
 * @objs:	what to replace, by object
 * @version:	optional; shown in sysfs and by klp-controller, never parsed
 */
struct klpx_patch {
	struct module *mod;
	struct klpx_object *objs;
	const char *version;
};

/**
 * klpx_enable_patch() - redirect the functions and start moving every task
 * @patch:	the description, static data of the calling module
 *
 * Called once, from module_init() of the patch module, never again. The
 * transition has started, not ended, when it returns 0. The patch is disabled
 * by writing 0 to /sys/kernel/klpx/<module>/enabled; the module can be removed
 * when that transition has ended.
 *
 * Context: process context, may sleep, takes the engine's mutex.
 *
 * Return: 0, or with everything as it was before:
 *   -EINVAL   a member is missing or too long; no such function; the name is
 *             ambiguous or @old_sympos too large; the function cannot be
 *             traced; a replacement is not a function of this module
 *   -EBUSY    another transition runs, or another user of ftrace (the
 *             kernel's livepatch) already redirects one of the functions, or
 *             kernel.ftrace_enabled is 0
 *   -EEXIST   this module has a patch already; a function is listed twice,
 *             under one name or two
 *   -ENOENT   the size of a function is not known
 *   -ENODEV   the module is on its way out
 *   -ENOMEM   out of memory
 */
int klpx_enable_patch(struct klpx_patch *patch);

#endif /* KLPX_LIVEPATCH_H */
