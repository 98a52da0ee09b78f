/* SPDX-License-Identifier: GPL-2.0 */
/* Which functions are worth the fast path, and when they are put on it. */
#ifndef KLPX_PROMOTE_H
#define KLPX_PROMOTE_H

#include "registry.h"

int klpx_promote_init(void);
/* No patch is left. */
void klpx_promote_exit(void);

/* "off", "hot" or "all". */
const char *klpx_fastpath_name(enum klpx_fastpath mode);
/* The mode of that name, or -EINVAL. */
int klpx_fastpath_parse(const char *name);
/* What a patch starts with: the module's parameter. */
enum klpx_fastpath klpx_fastpath_default(void);

/* A transition has ended, or a setting has changed. Any context. */
void klpx_promote_kick(void);

/*
 * All functions of the loaded objects of @patch off the fast path: before it
 * goes into transition, or when its setting is to be off. klpx_mutex held.
 * Errors as klpx_fastpath_leave().
 */
int klpx_demote_patch(struct klpx_lpatch *patch);

/* The setting of @patch. klpx_mutex held. Errors as klpx_fastpath_leave(). */
int klpx_set_fastpath(struct klpx_lpatch *patch, enum klpx_fastpath mode);

/* How many functions of @patch are on it now. klpx_mutex held. */
unsigned int klpx_promoted(const struct klpx_lpatch *patch);

#endif /* KLPX_PROMOTE_H */
