/* SPDX-License-Identifier: GPL-2.0 */
/* Finding every task of the machine. klpx_mutex held; sleep. */
#ifndef KLPX_ALL_TASKS_H
#define KLPX_ALL_TASKS_H

#include "pending.h"

/* About how many tasks there are. */
unsigned long klpx_count_tasks(void);

/* klpx_pending_add() for every task. -ENOMEM: some have no entry yet. */
int klpx_add_all_tasks(struct klpx_set *set);

#endif /* KLPX_ALL_TASKS_H */
