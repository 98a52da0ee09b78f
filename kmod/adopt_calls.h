/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What runs in place of three functions of the kernel while they are redirected
 * (adopt.c). Each has the contract of the function that it stands for.
 */
#ifndef KLPX_ADOPT_CALLS_H
#define KLPX_ADOPT_CALLS_H

struct klp_patch;
struct klp_state;
struct pid;
struct pid_namespace;
struct seq_file;
struct task_struct;

int klpx_adopt_enable(struct klp_patch *patch);
struct klp_state *klpx_adopt_prev_state(unsigned long id);
int klpx_adopt_patch_state(struct seq_file *m, struct pid_namespace *ns,
			   struct pid *pid, struct task_struct *task);

/*
 * Until no task is in klpx_adopt_enable(), the only one that sleeps; none is
 * sent there any more. May take as long as enabling a patch.
 */
void klpx_adopt_wait(void);

#endif /* KLPX_ADOPT_CALLS_H */
