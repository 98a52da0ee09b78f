/* SPDX-License-Identifier: GPL-2.0 */
/* /sys/kernel/klpx: the control interface. docs/SYSFS.md documents it. */
#ifndef KLPX_SYSFS_H
#define KLPX_SYSFS_H

#include "registry.h"

int klpx_sysfs_init(void);
void klpx_sysfs_exit(void);

/* The kobjects of a patch, its objects and its functions. */
void klpx_sysfs_init_kobjects(struct klpx_lpatch *patch);
int klpx_sysfs_add(struct klpx_lpatch *patch);

/*
 * Once after _init_kobjects(), whatever _add() said: remove the directory and
 * wait for every reader and store. The records can be freed afterwards.
 * Sleeps; klpx_mutex must not be held.
 */
void klpx_sysfs_remove(struct klpx_lpatch *patch);

#endif /* KLPX_SYSFS_H */
