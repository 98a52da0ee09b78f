/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The modules that patches name, those that are being loaded, and the modules
 * of the patches themselves: lists under one lock, for the module notifiers.
 * What is done to a module then is not known here.
 */
#ifndef KLPX_WANTED_H
#define KLPX_WANTED_H

#include "records.h"

/*
 * Listen for the modules that @patch names, and find those that are loaded
 * (klpx_lobject.mod). klpx_mutex held from before this until @patch is on
 * klpx_patches or has been given up.
 */
void klpx_want_modules(struct klpx_lpatch *patch);
void klpx_unwant_modules(struct klpx_lpatch *patch);
void klpx_unwant_module(struct klpx_lobject *obj);

/*
 * Watch for the removal of the patch's own module from here to _unwatch_(),
 * which comes before the references that keep the module's memory are given
 * back: what is on the list can be looked at.
 */
void klpx_watch_module(struct klpx_lpatch *patch);
void klpx_unwatch_module(struct klpx_lpatch *patch);

/*
 * The notifiers' marks, klpx_lpatch.lived and .going, on the watched patch of
 * @mod if there is one. _lived(): true if there is. _going(): calls @fn for it,
 * which must not sleep.
 */
bool klpx_mark_lived(const struct module *mod);
void klpx_mark_going(const struct module *mod,
		     void (*fn)(const struct klpx_lpatch *patch));

/* A module between its COMING and its LIVE (or GOING) notification. */
struct klpx_coming;

/*
 * @wanted: some patch names @mod, and has to be applied to it. NULL: no memory.
 */
struct klpx_coming *klpx_coming_add(const struct module *mod, bool *wanted);
/* All patches that name it have been applied. klpx_mutex held. */
void klpx_coming_applied(struct klpx_coming *coming);
/* Takes @mod off the list; was it on it? @wanted: some patch names it. */
bool klpx_coming_remove(const struct module *mod, bool *wanted);
/* No notifier runs any more. */
void klpx_coming_free_all(void);

#endif /* KLPX_WANTED_H */
