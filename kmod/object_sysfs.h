/* SPDX-License-Identifier: GPL-2.0 */
/* The files of an object and of a state: docs/SYSFS.md. */
#ifndef KLPX_OBJECT_SYSFS_H
#define KLPX_OBJECT_SYSFS_H

#include <linux/sysfs.h>

extern const struct attribute_group *klpx_object_groups[];
extern const struct attribute_group *klpx_state_groups[];

#endif /* KLPX_OBJECT_SYSFS_H */
