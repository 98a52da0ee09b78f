/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is a task inside one of the functions that the transition takes away? Only
 * asked of tasks that cannot run meanwhile, and of the current task.
 */
#ifndef KLPX_STACK_H
#define KLPX_STACK_H

#include <linux/sched.h>

#include "pure/ranges.h"

/*
 * Where no task may be when it is switched. Ranges are functions, owned by
 * struct klpx_lfunc. Texts are all the code of modules that may be unloaded
 * afterwards, for what a replacement calls (in a tail call it leaves nothing
 * of itself on the stack); they have no owner.
 */
struct klpx_unsafe {
	struct klpx_range *ranges;
	size_t count, room;
	struct klpx_range *texts;
	size_t nr_texts;
};

int klpx_stack_init(void);
void klpx_stack_exit(void);

/**
 * klpx_stack_check() - look for unsafe addresses on the stack of @task
 * @task:	the current task, or one that is held off the CPU by
 *		task_call_func()
 * @unsafe:	built ranges
 * @owner:	set to the owner of the range if the answer is -EADDRINUSE;
 *		NULL for other code of a patch module
 *
 * Context: any but NMI; interrupts are off meanwhile, a few microseconds.
 *
 * Return: 0 clean; -EADDRINUSE an unsafe address is on the stack; -EINVAL
 * the stack cannot be read with certainty (as the kernel's livepatch).
 */
int klpx_stack_check(struct task_struct *task,
		     const struct klpx_unsafe *unsafe,
		     const void **owner);

/*
 * The same, for all that are in the way, each once, innermost first: how many
 * were stored in @owners, @max at most; or -EINVAL.
 */
int klpx_stack_owners(struct task_struct *task,
		      const struct klpx_unsafe *unsafe,
		      const void **owners, int max);

#endif /* KLPX_STACK_H */
