/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From names to addresses: what a patch describes, found in the running
 * kernel. Nothing is changed here.
 */
#ifndef KLPX_OBJECTS_H
#define KLPX_OBJECTS_H

#include "registry.h"

/*
 * Check what the author wrote, before anything is looked up: -EINVAL a member
 * is missing or too long, -EEXIST a function is listed twice.
 */
int klpx_check_description(const struct klpx_patch *patch);

/*
 * Fill the addresses and sizes of every function of @patch.
 * -EINVAL: not found, ambiguous, cannot be traced. -ENOENT: no size known.
 * -EEXIST: two names of one function. Each is explained in the log.
 */
int klpx_resolve_objects(struct klpx_lpatch *patch);

#endif /* KLPX_OBJECTS_H */
