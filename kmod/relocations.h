/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Relocations of a patch module against symbols of a target module, which may
 * come and go: sections .klp.rela.OBJECT.SECTION, written by kpatch-build and
 * klp-build (Documentation/livepatch/module-elf-format.rst). Those against
 * vmlinux are the module loader's business.
 *
 * All: klpx_mutex held, may sleep.
 */
#ifndef KLPX_RELOCATIONS_H
#define KLPX_RELOCATIONS_H

#include "records.h"

/* Has the loader kept what is needed? MODULE_INFO(livepatch, "Y"). No lock. */
bool klpx_is_marked(const struct module *mod);

/*
 * Before anything else of @patch is done: -EINVAL, explained in the log, if it
 * has relocations that would never be written.
 */
int klpx_relocations_check(const struct klpx_patch *patch);

/*
 * The target of @obj, a module, is there: find the symbols, all of a section
 * before any of it is written. -EINVAL: a symbol is not there, or is not what
 * the format allows. -ENOEXEC: a relocation cannot be written. None is left
 * written then.
 */
int klpx_relocations_write(const struct klpx_lpatch *patch,
			   const struct klpx_lobject *obj);

/*
 * Back to zeros, so that they can be written for the next module of that name.
 * No task runs the code for @obj any more, or none has started to.
 */
void klpx_relocations_clear(const struct klpx_lpatch *patch,
			    const struct klpx_lobject *obj);

#endif /* KLPX_RELOCATIONS_H */
