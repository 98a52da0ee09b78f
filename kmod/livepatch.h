/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /sys/module/klpx/livepatch: what the kernel's own livepatch has no way in
 * for. With it a task that holds up one of its transitions can be kicked by
 * itself, and at once. docs/SYSFS.md.
 */
#ifndef KLPX_LIVEPATCH_SYSFS_H
#define KLPX_LIVEPATCH_SYSFS_H

/* Only on a kernel with CONFIG_LIVEPATCH. */
int klpx_livepatch_init(void);
void klpx_livepatch_exit(void);

#endif /* KLPX_LIVEPATCH_SYSFS_H */
