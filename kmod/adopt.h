/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Adoption: patch modules that were built for the kernel's own livepatch run on
 * klpx, unchanged, whatever loads them. docs/ADOPTION.md.
 */
#ifndef KLPX_ADOPT_H
#define KLPX_ADOPT_H

#include <linux/sysfs.h>

/* What the module parameter asks for. klpx.ko loads; the log has a failure. */
void klpx_adopt_init(void);

/*
 * Nothing is redirected any more, or klpx.ko could not be unloaded, except by
 * force. Waits for the tasks that are still in klpx_adopt_enable(). No lock
 * held.
 */
void klpx_adopt_exit(void);

/* Adoption is on; may be stale when it is used. */
bool klpx_adopts(void);

/*
 * A patch is about to be adopted: the functions are redirected from here on,
 * until _end(). Errors as a write of 1 to the file `adopt`. klpx_mutex not
 * held.
 */
int klpx_adopt_begin(void);
void klpx_adopt_end(void);

/* adopt and engine_for, in /sys/module/klpx/livepatch. docs/SYSFS.md. */
extern const struct attribute_group klpx_adopt_group;

#endif /* KLPX_ADOPT_H */
