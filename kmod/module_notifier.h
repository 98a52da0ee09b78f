/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Modules that come and go: targets of patches, whose functions are redirected
 * before the module's own code first runs, and the modules of patches.
 */
#ifndef KLPX_MODULE_NOTIFIER_H
#define KLPX_MODULE_NOTIFIER_H

int klpx_module_notifier_init(void);
void klpx_module_notifier_exit(void);

#endif /* KLPX_MODULE_NOTIFIER_H */
