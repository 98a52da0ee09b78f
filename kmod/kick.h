/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Making a task, or a CPU, pass a place where tasks are switched, for a
 * transition of ours or of the kernel's livepatch. A kick that was not needed
 * does no harm.
 */
#ifndef KLPX_KICK_H
#define KLPX_KICK_H

#include <linux/sched.h>

void klpx_kick_init(void);
/* Nothing kicks any more. */
void klpx_kick_exit(void);

/*
 * Send a fake signal, as the kernel's livepatch does: a user task leaves the
 * kernel as if a signal had come, and finds none; a kthread that sleeps
 * interruptibly wakes up. The caller has a reference on @task.
 */
void klpx_fake_signal(struct task_struct *task);

/*
 * Make the task that runs on @cpu, idle or not, give it up once. Does nothing
 * for an offline CPU; CPU hotplug held off.
 */
void klpx_kick_cpu(int cpu);

#endif /* KLPX_KICK_H */
