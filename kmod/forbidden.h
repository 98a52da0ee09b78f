/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What must not be on the stack of a task when it is switched, computed from
 * the patch in transition and its target. klpx_mutex held; while the gate of
 * switch.c is open, the result is read and must not be changed.
 */
#ifndef KLPX_FORBIDDEN_H
#define KLPX_FORBIDDEN_H

#include "records.h"
#include "stack.h"

/*
 * Room for the functions of all objects of @patch, with the parts of those that
 * are loaded: again for each that comes, behind the shut gate. -ENOMEM: what
 * was there is as it was.
 */
int klpx_forbidden_reserve(struct klpx_forbidden *forbidden,
			   const struct klpx_lpatch *patch);
/* For the objects that are patched now and the target it has now. */
void klpx_forbidden_fill(struct klpx_forbidden *forbidden,
			 const struct klpx_lpatch *patch);
void klpx_forbidden_free(struct klpx_forbidden *forbidden);

#endif /* KLPX_FORBIDDEN_H */
