/* SPDX-License-Identifier: GPL-2.0 */
/* Finding every task of the machine. klpx_mutex held; sleep. */
#ifndef KLPX_ENROLL_H
#define KLPX_ENROLL_H

#include "pending.h"

/* About how many tasks there are. */
unsigned long klpx_count_tasks(void);

/* klpx_set_add() for every task. -ENOMEM: some have no entry yet. */
int klpx_set_enroll_everyone(struct klpx_set *set);

#endif /* KLPX_ENROLL_H */
