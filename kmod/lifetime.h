/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life and death of records: made for an enable, freed after the last task
 * has left the patch. Each patch record keeps its module in memory meanwhile.
 */
#ifndef KLPX_LIFETIME_H
#define KLPX_LIFETIME_H

#include "records.h"

int klpx_lifetime_init(void);
void klpx_lifetime_exit(void);

/*
 * A record without objects; its module's memory stays, and its removal is
 * watched for. ERR_PTR: -ENODEV, the module is on its way out; -ENOMEM.
 */
struct klpx_lpatch *klpx_new_patch(const struct klpx_patch *desc);

/* Add records, with their kobjects initialised. NULL: no memory. */
struct klpx_lobject *klpx_add_object(struct klpx_lpatch *patch,
				     const struct klpx_object *desc,
				     const char *name);
struct klpx_lfunc *klpx_add_func(struct klpx_lpatch *patch,
				 struct klpx_lobject *obj, const char *old_name,
				 unsigned long old_sympos, void *new_func);

/*
 * Undo klpx_new_patch(), for a patch that is on no list. Sleeps; klpx_mutex
 * must not be held (klpx_sysfs_remove()).
 */
void klpx_drop_patch(struct klpx_lpatch *patch);

/*
 * A transition to KLPX_UNPATCHED has ended, or one that replaces it: take the
 * patch off the list and free it from a work item. klpx_mutex held; the caller
 * drops the patch.
 */
void klpx_retire_patch(struct klpx_lpatch *patch);

#endif /* KLPX_LIFETIME_H */
