/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The worker that asks the attached policy about the tasks that block, and
 * takes the action that it answers with (enum klpx_push). It is apart from
 * worker.c: a policy may take long, and does not hold up the transition's
 * worker.
 */
#ifndef KLPX_POLICY_WORKER_H
#define KLPX_POLICY_WORKER_H

#include <klpx/abi.h>

#include "records.h"

int klpx_policy_worker_init(void);
void klpx_policy_worker_exit(void);

/* There is something to ask or to tell. Any context that may queue work. */
void klpx_policy_worker_wake(void);

/* The policy is to be told of @phase. klpx_mutex held. */
void klpx_policy_worker_note(const struct klpx_lpatch *patch,
			     enum klpx_phase phase);

/*
 * Does a policy decide, and answer in time? Then it decides too when the
 * engine's own timing applies. klpx_mutex held.
 */
bool klpx_policy_worker_decides(void);

/* May @patch be enabled? No lock held; may take long. 0 or -errno. */
int klpx_policy_worker_may_start(const struct klpx_lpatch *patch);

#endif /* KLPX_POLICY_WORKER_H */
