/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From names to addresses: what a patch describes, found in the running
 * kernel. Nothing is changed here.
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
 * Check what the author wrote, before anything is looked up: -EINVAL a member
 * is missing or too long, -EEXIST a function or object is listed twice.
 */
int klpx_check_description(const struct klpx_patch *patch);

/*
 * Fill the addresses and sizes of every function of @obj, which is loaded.
 * -EINVAL: not found, ambiguous, cannot be traced. -ENOENT: no size known.
 * -EEXIST: two names of one function. Each is explained in the log.
 */
int klpx_resolve_object(const struct klpx_lpatch *patch,
			struct klpx_lobject *obj);

#endif /* KLPX_OBJECTS_H */
