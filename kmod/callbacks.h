/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The callbacks of objects and states: the conditions under which each may
 * run, and their order. klpx_mutex held; all may sleep.
 *
 * Source: Documentation/livepatch/callbacks.rst.
 */
#ifndef KLPX_CALLBACKS_H
#define KLPX_CALLBACKS_H

#include "records.h"

/* Those of one object, which is loaded. */
int klpx_pre_patch(struct klpx_lobject *obj);
void klpx_post_patch(struct klpx_lobject *obj);
void klpx_pre_unpatch(struct klpx_lobject *obj);
void klpx_post_unpatch(struct klpx_lobject *obj);

/*
 * Those of a whole patch, at the points of its transition. An error of
 * _pre_patch() leaves it to _post_unpatch() to undo what had succeeded.
 * _pre_patch() has no objects in it: each one's comes right before its
 * functions are redirected (transition.c).
 */
int klpx_callbacks_pre_patch(struct klpx_lpatch *patch);
void klpx_callbacks_post_patch(struct klpx_lpatch *patch);
void klpx_callbacks_pre_unpatch(struct klpx_lpatch *patch);
void klpx_callbacks_post_unpatch(struct klpx_lpatch *patch);

#endif /* KLPX_CALLBACKS_H */
