/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the engine tells the outside world about a task: tracepoints, and the
 * verdict for the kfunc. Nothing here changes anything.
 */
#ifndef KLPX_REPORT_H
#define KLPX_REPORT_H

#include <linux/sched.h>
#include <linux/string.h>

#include <klpx/abi.h>

#include "pending.h"
#include "records.h"

/*
 * How the log names a task, for the format and the arguments of a print. A comm
 * may hold anything: escaped, it stays in its line.
 */
#define KLPX_TASK_FMT "task %*pE:%u"
#define klpx_task_args(task, tid) \
	(int)strnlen((task)->comm, TASK_COMM_LEN), (task)->comm, tid

/* Stands for a function where none is: a callee of a replacement. */
#define KLPX_PATCH_CODE "[code of a patch module]"

/*
 * The transition that reports are about; klpx_mutex held. _prepare() comes
 * before the pending set is published.
 */
void klpx_report_prepare(const struct klpx_lpatch *patch,
			 enum klpx_side target);
void klpx_report_set_target(enum klpx_side target);

/* klpx_mutex held. */
void klpx_report_blocked(struct klpx_entry *entry);
void klpx_report_signal(const struct klpx_entry *entry);

/* Any context but NMI, preemption off or klpx_mutex held. */
void klpx_report_switched(const struct klpx_entry *entry, enum klpx_how how);

/*
 * The verdict on @task: 0, or -ENOENT: it is not pending (no transition, or
 * switched). Any context but NMI; lock-free.
 */
int klpx_report_verdict(const struct task_struct *task,
			struct klpx_task_info *info);

#endif /* KLPX_REPORT_H */
