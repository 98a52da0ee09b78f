/* SPDX-License-Identifier: GPL-2.0 */
/* The directories under /sys/kernel/klpx. docs/SYSFS.md documents them. */
#ifndef KLPX_SYSFS_H
#define KLPX_SYSFS_H

#include "records.h"

/* @patch_groups: the files of a patch. */
int klpx_sysfs_init(const struct attribute_group **patch_groups);
void klpx_sysfs_exit(void);

/*
 * Each record is born with a kobject, whose release frees it (a patch's own
 * record excepted).
 */
void klpx_sysfs_init_patch(struct klpx_lpatch *patch);
void klpx_sysfs_init_object(struct klpx_lobject *obj);
void klpx_sysfs_init_func(struct klpx_lfunc *func);

int klpx_sysfs_add(struct klpx_lpatch *patch);

/* Nops and what held only nops; klpx_mutex held. */
void klpx_sysfs_remove_func(struct klpx_lpatch *patch, struct klpx_lfunc *func);
void klpx_sysfs_remove_object(struct klpx_lobject *obj);

/*
 * Once, whatever _add() said: remove the directory, wait for every reader and
 * store, free objects and functions. Sleeps; klpx_mutex must not be held.
 */
void klpx_sysfs_remove(struct klpx_lpatch *patch);

#endif /* KLPX_SYSFS_H */
