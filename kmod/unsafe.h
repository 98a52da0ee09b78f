/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What must not be on the stack of a task when it is switched, computed from
 * the patch in transition and its target. klpx_mutex held; while switching is
 * open (switch.h), the result is read and must not be changed.
 */
#ifndef KLPX_UNSAFE_H
#define KLPX_UNSAFE_H

#include "records.h"
#include "stack.h"

/*
 * Room for the functions of all objects of @patch, with the cold ranges of
 * those that are loaded: again for each that comes, while switching is closed.
 * -ENOMEM: what was there is as it was.
 */
int klpx_unsafe_reserve(struct klpx_unsafe *unsafe,
			const struct klpx_lpatch *patch);
/* For the objects that are patched now and the target it has now. */
void klpx_unsafe_fill(struct klpx_unsafe *unsafe,
		      const struct klpx_lpatch *patch);
void klpx_unsafe_free(struct klpx_unsafe *unsafe);

#endif /* KLPX_UNSAFE_H */
