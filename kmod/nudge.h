/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Making a task, or a CPU, come by a place where tasks are switched, whichever
 * engine waits for it there. Nothing is lost by a nudge that was not needed.
 */
#ifndef KLPX_NUDGE_H
#define KLPX_NUDGE_H

#include <linux/sched.h>

void klpx_nudge_init(void);
/* When nobody nudges any more. */
void klpx_nudge_exit(void);

/*
 * Fake signal, as the kernel's livepatch sends: a user task leaves the kernel
 * as if a signal had come, and finds none; a kthread that sleeps interruptibly
 * wakes up. The caller has a reference on @task.
 */
void klpx_nudge_task(struct task_struct *task);

/*
 * Whatever runs on @cpu, its idle task too, gives it up once. Nothing if it is
 * offline; CPU hotplug held off.
 */
void klpx_nudge_cpu(int cpu);

#endif /* KLPX_NUDGE_H */
