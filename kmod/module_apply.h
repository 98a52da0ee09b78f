/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The patches of one target module, all of them, oldest first: applied when it
 * comes, reverted when it goes. klpx_mutex held; the callbacks may sleep.
 * module_notifier.c knows when.
 */
#ifndef KLPX_MODULE_APPLY_H
#define KLPX_MODULE_APPLY_H

/*
 * To a module that comes: all of them, or none and the error of the one that
 * cannot be applied. To one that is live already (it was being loaded when
 * klpx.ko came) those that can be; 0.
 */
int klpx_apply_to_module(struct module *mod);

/* From all patches that are applied to it. */
void klpx_revert_on_module(const struct module *mod);

#endif /* KLPX_MODULE_APPLY_H */
