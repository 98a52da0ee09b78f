/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Redirection: which version of a patched function a call runs.
 *
 * One ftrace_ops for everything. Each patched function has a function stack
 * (func_stack.h). The functions of an object are added in one update of ftrace,
 * those of whole patches are removed in one.
 */
#ifndef KLPX_REDIRECT_H
#define KLPX_REDIRECT_H

#include "records.h"

int klpx_redirect_init(void);

/*
 * Push the functions of an object, which is loaded, on their function stacks.
 * All of them or none; explained in the log. While .transition of a version is
 * set, each task sees it or the one below, by its own side.
 *
 * -EBUSY: another ftrace user redirects one of them, or ftrace is switched off.
 * -EAGAIN: a BPF trampoline on one was being changed all the time. -ENOMEM.
 */
int klpx_redirect_object(struct klpx_lobject *obj);

/*
 * Take them off their stacks, wherever they are in them. No CPU is in the
 * handler with one of them in hand afterwards (it sleeps). In one update of
 * ftrace for a batch of functions (klpx_lfunc.batch) of several patches.
 */
void klpx_unredirect_patch(struct klpx_lpatch *patch);
void klpx_unredirect_object(struct klpx_lobject *obj);
void klpx_unredirect(struct list_head *batch);

/* Put the functions of an object, or of all loaded objects, on a batch. */
void klpx_batch_object(struct list_head *batch, struct klpx_lobject *obj);
void klpx_batch_loaded(struct list_head *batch, struct klpx_lpatch *patch);

/* Set .transition of all versions of @patch. */
void klpx_redirect_set_transition(struct klpx_lpatch *patch, bool on);

/*
 * A return address that stands on the stack of a task that is between the
 * entry of @func and the version it has chosen.
 */
unsigned long klpx_redirect_return_address(const struct klpx_lfunc *func);

void klpx_redirect_exit(void);

#endif /* KLPX_REDIRECT_H */
