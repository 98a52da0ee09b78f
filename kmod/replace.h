/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Atomic replace: a patch takes the place of all earlier ones of its set. For
 * each function that only they patch it carries a *nop*, a version that is the
 * original, so that one transition takes every task from the old patches to
 * the new one. klpx_mutex held throughout.
 */
#ifndef KLPX_REPLACE_H
#define KLPX_REPLACE_H

#include "records.h"

/* -EINVAL: another set has one of the functions of @patch; explained. */
int klpx_replace_check_sets(const struct klpx_lpatch *patch);

/* The same by address, for a function under another name; @func is resolved. */
int klpx_replace_check_func(const struct klpx_lpatch *patch,
			    const struct klpx_lfunc *func);

/* Add the nops, before the kobjects are added and objects resolved. -ENOMEM. */
int klpx_replace_add_nops(struct klpx_lpatch *patch);

/*
 * The transition to @patch has completed, every task runs its functions: stop
 * redirecting what it replaces, drop the nops, mark the old ones disabled.
 */
void klpx_replace_unpatch_old(struct klpx_lpatch *patch, bool forced);

/* After the callbacks: hand the old patches over to be freed. */
void klpx_replace_retire_old(struct klpx_lpatch *patch);

#endif /* KLPX_REPLACE_H */
