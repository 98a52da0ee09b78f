/* SPDX-License-Identifier: GPL-2.0 */
/* The setting "fastpath" of a patch: its words, and where its value is from. */
#ifndef KLPX_FASTMODE_H
#define KLPX_FASTMODE_H

#include "records.h"

/* "off", "hot" or "all". */
const char *klpx_fastpath_name(enum klpx_fastpath mode);
/* The mode of that name, or -EINVAL. */
int klpx_fastpath_parse(const char *name);

/* What a patch that replaces none starts with: the module's parameter. */
enum klpx_fastpath klpx_fastpath_default(void);

/*
 * @patch, which is the last on the list and has not been enabled yet, keeps
 * what those it replaces were set to: the least of it, so that a function that
 * was to be left to tracers still is. klpx_mutex held.
 */
void klpx_fastpath_inherit(struct klpx_lpatch *patch);

#endif /* KLPX_FASTMODE_H */
