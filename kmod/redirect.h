/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Redirection: which version of a patched function a call runs.
 *
 * One ftrace_ops for everything. Each patched function is a *site*: the
 * address ftrace reports, and a stack of versions, newest first. Whole patches
 * are added and removed in one update of ftrace.
 */
#ifndef KLPX_REDIRECT_H
#define KLPX_REDIRECT_H

#include "registry.h"

int klpx_redirect_init(void);

/* Append the functions of @obj to @batch. */
void klpx_batch_object(struct list_head *batch, struct klpx_lobject *obj);

/*
 * Push the functions of @batch (klpx_lfunc.batch) on the stacks of their
 * sites. All of them or none. While .transition of a version is set, each task
 * sees it or the one below, by its own side.
 *
 * -EBUSY: another ftrace user redirects one of them, or ftrace is switched off.
 * -ENOMEM. *@refused is the function in the way.
 */
int klpx_redirect_add(struct list_head *batch,
		      const struct klpx_lfunc **refused);

/*
 * Take the functions of @batch off their stacks, wherever they are in them.
 * No CPU is in the handler with one of them in hand afterwards (it sleeps).
 */
void klpx_redirect_remove(struct list_head *batch);

/* Set .transition of all versions of @patch. */
void klpx_redirect_set_transition(struct klpx_lpatch *patch, bool on);

/*
 * A return address that stands on the stack of a task that is between the
 * entry of @func and the version it has chosen.
 */
unsigned long klpx_redirect_return_address(const struct klpx_lfunc *func);

void klpx_redirect_exit(void);

#endif /* KLPX_REDIRECT_H */
