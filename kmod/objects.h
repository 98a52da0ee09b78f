/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From names to addresses: what a patch describes, found in the running
 * kernel. Nothing of the kernel is changed here.
 */
#ifndef KLPX_OBJECTS_H
#define KLPX_OBJECTS_H

#include "registry.h"

/* The empty element that ends an array of functions. */
static inline bool klpx_is_last_func(const struct klpx_func *func)
{
	return !func->old_name && !func->new_func && !func->old_sympos;
}

/*
 * An array without its empty last element leads out of the module that it is
 * in; @end is behind the element to be looked at. (An array that the module has
 * allocated has no end that could be known.)
 */
static inline bool klpx_ran_out(const struct module *mod, const void *array,
				const void *end)
{
	return within_module((unsigned long)array, mod) &&
	       !within_module((unsigned long)end - 1, mod);
}

/*
 * What comes behind an array that has no end, and is still in the module, is
 * taken for an element: its pointers lead anywhere. Callbacks may be functions
 * of any module, or NULL.
 */
bool klpx_is_readable(const void *start, size_t size);
bool klpx_are_functions(const unsigned long *addrs, size_t n);

/*
 * Check what the author wrote, before anything is looked up: -EINVAL a member
 * is missing or too long, -EEXIST a function or object is listed twice.
 */
int klpx_check_description(const struct klpx_patch *patch);

/*
 * Write the patch's relocations for @obj, which is loaded, and fill the
 * addresses and sizes of all its functions. klpx_mutex held.
 * -EINVAL: not found, ambiguous, cannot be traced, another set's. -ENOENT: no
 * size known, of a function or of one of its parts. -ENOMEM.
 * -EEXIST: two names of one function. -ENOEXEC: a relocation does not fit.
 * Each is explained in the log, and nothing is left written.
 */
int klpx_resolve_object(const struct klpx_lpatch *patch,
			struct klpx_lobject *obj);

/* The module of @obj is going, or will not be patched after all. */
void klpx_unresolve_object(const struct klpx_lpatch *patch,
			   struct klpx_lobject *obj);

#endif /* KLPX_OBJECTS_H */
