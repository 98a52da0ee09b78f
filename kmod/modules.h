/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Target modules: the objects of patches that can come and go. A patch names
 * modules that may not be loaded; its functions are redirected when they are,
 * before the module's own code first runs.
 */
#ifndef KLPX_MODULES_H
#define KLPX_MODULES_H

#include "records.h"

int klpx_modules_init(void);
void klpx_modules_exit(void);

/*
 * Listen for the modules that @patch names, and find those that are loaded
 * (klpx_lobject.mod). klpx_mutex held from before this until @patch is on
 * klpx_patches or has been given up.
 */
void klpx_modules_want(struct klpx_lpatch *patch);
void klpx_modules_unwant(struct klpx_lpatch *patch);
void klpx_modules_unwant_object(struct klpx_lobject *obj);

/*
 * Watch for the removal of the patch's own module from here to _unwatch(),
 * which comes before the references that keep the module's memory are given
 * back: what is on the list can be looked at.
 */
void klpx_modules_watch(struct klpx_lpatch *patch);
void klpx_modules_unwatch(struct klpx_lpatch *patch);

#endif /* KLPX_MODULES_H */
