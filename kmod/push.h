/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Asking the attached policy about the tasks that block, and doing what it
 * says. A worker of its own: however long a policy takes, the passes go on.
 */
#ifndef KLPX_PUSH_H
#define KLPX_PUSH_H

#include <klpx/abi.h>

#include "records.h"

int klpx_push_init(void);
void klpx_push_exit(void);

/* Something to ask or to tell. Any context that may queue work. */
void klpx_push_wake(void);

/* To be told to the policy. klpx_mutex held. */
void klpx_push_note(const struct klpx_lpatch *patch, enum klpx_phase phase);

/*
 * A policy decides, and answers in time: the engine's own timing is its to
 * apply. klpx_mutex held.
 */
bool klpx_push_decides(void);

/* May @patch be enabled? No lock held; may take long. 0 or -errno. */
int klpx_push_may_start(const struct klpx_lpatch *patch);

#endif /* KLPX_PUSH_H */
