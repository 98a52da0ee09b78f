/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The patches of one target module, all of them, oldest first: applied when it
 * comes, reverted when it goes. klpx_mutex held; the callbacks may sleep.
 * modules.c knows when.
 */
#ifndef KLPX_TARGETS_H
#define KLPX_TARGETS_H

#include "records.h"

/* @obj has found its module, or has none any more (NULL). */
void klpx_set_target(struct klpx_lobject *obj, struct module *mod);

/*
 * To a module that comes: all of them, or none and the error of the one that
 * cannot be applied. To one that is live already (it was being loaded when
 * klpx.ko came) those that can be; 0.
 */
int klpx_apply_all(struct module *mod);

/* From all patches that are applied to it. */
void klpx_revert_all(const struct module *mod);

#endif /* KLPX_TARGETS_H */
