/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the author of a patch wrote, taken for hostile: all of it is checked
 * here, before anything is kept. klp-controller has the same rules for files
 * (core/preflight/description_check.cc); those about names are one, klpx/names.h.
 */
#ifndef KLPX_DESCRIPTION_H
#define KLPX_DESCRIPTION_H

#include <klpx/livepatch.h>

/* The empty element that ends an array of functions. */
static inline bool klpx_is_last_func(const struct klpx_func *func)
{
	return !func->old_name && !func->new_func && !func->old_sympos;
}

/*
 * Each pointer of @patch, whose module_init() is running in the current task,
 * and each name; @mod is the module that has called. No lock held; may sleep.
 * -EINVAL, or -EEXIST for a function or object that is listed twice, each with
 * a line in the log. What has passed can be read, and stays.
 */
int klpx_check_description(const struct klpx_patch *patch,
			   const struct module *mod);

#endif /* KLPX_DESCRIPTION_H */
