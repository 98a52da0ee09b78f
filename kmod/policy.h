/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The attached policy (klpx/policy.h): registered here as a BPF struct_ops, and
 * called through these. Each call finds the policy anew, under rcu_read_lock();
 * BPF frees one that was detached after a grace period. No lock is held.
 */
#ifndef KLPX_KMOD_POLICY_H
#define KLPX_KMOD_POLICY_H

#include <linux/sched.h>

#include <klpx/policy.h>

/* @wake is called when a policy has been attached. */
int klpx_policy_init(void (*wake)(void));

/* Does the attached policy decide about tasks? */
bool klpx_policy_acts(void);

/* Its name with a newline, or an empty line. For sysfs. */
ssize_t klpx_policy_show(char *buf);

/* 0 or what it refuses with; explained in the log. May run for long. */
int klpx_policy_may_start(const struct klpx_transition_info *transition);

/* KLPX_PUSH_DEFAULT if there is none. */
enum klpx_push klpx_policy_ask(const struct klpx_task_info *info,
			       struct task_struct *task);

void klpx_policy_phase(const struct klpx_transition_info *transition);

#endif /* KLPX_KMOD_POLICY_H */
