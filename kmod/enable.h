/* SPDX-License-Identifier: GPL-2.0 */
/* Enabling a patch; klpx_enable_patch() of klpx/livepatch.h is for modules. */
#ifndef KLPX_ENABLE_H
#define KLPX_ENABLE_H

struct klpx_adopted;
struct module;

/*
 * Enable the translation of a patch of @mod for the kernel's livepatch, whose
 * module_init() runs. On success it belongs to the record of the patch, which
 * calls its .release() in the end; on an error it remains the caller's.
 * Returns what klpx_enable_patch() does; -EINVAL also for a module without
 * MODULE_INFO(livepatch, "Y"), as in the kernel's livepatch.
 */
int klpx_enable_adopted(struct klpx_adopted *adopted, struct module *mod);

#endif /* KLPX_ENABLE_H */
