/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From names to addresses: what a patch describes, found in the running
 * kernel. Nothing of the kernel is changed here.
 */
#ifndef KLPX_RESOLVE_H
#define KLPX_RESOLVE_H

#include "records.h"

/*
 * Write the patch's relocations for @obj, which is loaded, and fill the
 * addresses and sizes of all its functions. klpx_mutex held.
 * -EINVAL: not found, ambiguous, cannot be traced, another set's. -ENOENT: no
 * size known, of a function or of one of its cold ranges. -ENOMEM.
 * -EEXIST: two names of one function. -ENOEXEC: a relocation does not fit.
 * Each is explained in the log, and nothing is left written.
 */
int klpx_resolve_object(const struct klpx_lpatch *patch,
			struct klpx_lobject *obj);

/* The module of @obj is going, or will not be patched after all. */
void klpx_unresolve_object(const struct klpx_lpatch *patch,
			   struct klpx_lobject *obj);

#endif /* KLPX_RESOLVE_H */
