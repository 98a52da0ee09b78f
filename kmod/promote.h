/* SPDX-License-Identifier: GPL-2.0 */
/* Which functions are worth the fast path, and when they are put on it. */
#ifndef KLPX_PROMOTE_H
#define KLPX_PROMOTE_H

#include "records.h"

int klpx_promote_init(void);
/* No patch is left. */
void klpx_promote_exit(void);

/* A transition has ended, or a setting has changed. Any context. */
void klpx_promote_wake(void);

/*
 * Take all functions of the loaded objects of @patch off the fast path: before
 * its transition (prepare.c), or its removal (evict.c). klpx_mutex held. Errors
 * as klpx_fastpath_leave().
 */
int klpx_demote_patch(struct klpx_lpatch *patch);

/*
 * For a patch that stops the machine, which is done when the call that asked
 * for it returns: what it is going to take off the fast path leaves before, and
 * ftrace lets go of it without klpx_mutex. No lock held; does nothing for
 * others.
 * -EINTR: the task was killed while it waited for klpx_mutex.
 */
int klpx_demote_ahead(const struct klpx_patch *desc);

/*
 * The setting of @patch. klpx_mutex held. Errors as klpx_fastpath_leave(). With
 * "off", klpx_muted_flush() without the mutex afterwards.
 */
int klpx_set_fastpath(struct klpx_lpatch *patch, enum klpx_fastpath mode);

/* How many functions of @patch are on it now. klpx_mutex held. */
unsigned int klpx_promoted(const struct klpx_lpatch *patch);

#endif /* KLPX_PROMOTE_H */
