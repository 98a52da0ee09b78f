/* SPDX-License-Identifier: GPL-2.0 */
/* The files of a patch: docs/SYSFS.md. */
#ifndef KLPX_PATCH_SYSFS_H
#define KLPX_PATCH_SYSFS_H

#include <linux/sysfs.h>

extern const struct attribute_group *klpx_patch_groups[];

#endif /* KLPX_PATCH_SYSFS_H */
