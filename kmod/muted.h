/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Direct calls that have been muted, until ftrace has let go of them.
 *
 * To take one away costs an update of ftrace, and there can be hundreds; none
 * of it happens under klpx_mutex, and no transition waits for it to begin. What
 * has to wait:
 *
 * - the end of a transition: a function that loses the handler while its direct
 *   call is still there would call the stub, and so a version that goes
 *   (worker.c, transition.c);
 * - the end of a target module: the address can be that of another function
 *   afterwards (module_notifier.c);
 * - the way back to the fast path: ftrace takes one direct call (promote.c);
 * - a store of "off": another direct caller shall be able to come when it
 *   returns (patch_sysfs.c).
 */
#ifndef KLPX_MUTED_H
#define KLPX_MUTED_H

#include <linux/types.h>

struct klpx_direct;
struct klpx_lpatch;
struct module;

/* @flushed is called, without a lock, after each flush in the background. */
void klpx_muted_init(void (*flushed)(void));

/* @direct, which has been muted: it is freed when ftrace has let go of it. */
void klpx_muted_add(struct klpx_direct *direct);

/* Lets go of all that have been added, in the background. */
void klpx_muted_wake(void);

/* The function at @ip has one still. */
bool klpx_muted_at(unsigned long ip);

/* A function of @patch has. klpx_mutex held. */
bool klpx_muted_in(const struct klpx_lpatch *patch);

/*
 * Until there is none, of @mod's functions if it is not NULL. Sleeps; with
 * klpx_mutex held only where there is no other way.
 */
void klpx_muted_flush(const struct module *mod);

/* There will be no more. */
void klpx_muted_exit(void);

#endif /* KLPX_MUTED_H */
