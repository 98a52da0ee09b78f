/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The callbacks of an object, with the conditions under which each may run.
 * klpx_mutex held; the object is loaded; all may sleep.
 *
 * Source: Documentation/livepatch/callbacks.rst.
 */
#ifndef KLPX_CALLBACKS_H
#define KLPX_CALLBACKS_H

#include "registry.h"

int klpx_pre_patch(struct klpx_lobject *obj);
void klpx_post_patch(struct klpx_lobject *obj);
void klpx_pre_unpatch(struct klpx_lobject *obj);
void klpx_post_unpatch(struct klpx_lobject *obj);

#endif /* KLPX_CALLBACKS_H */
