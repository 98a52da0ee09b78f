// SPDX-License-Identifier: GPL-2.0
/* Reliable unwinding and the search of each frame; see stack.h. */
#include <linux/percpu.h>

#include "stack.h"
#include "stats.h"
#include "symbols.h"

/*
 * Deeper stacks count as unreliable. The kernel's livepatch stops at 100; a
 * 16 KB stack can hold more (network stacking over file systems does).
 */
#define KLPX_STACK_ENTRIES	384

/*
 * Used with interrupts off, never from NMI: one user a CPU at a time. Not
 * static: all modules together have 8 KB of static per-CPU data.
 */
struct stack_entries {
	unsigned long addrs[KLPX_STACK_ENTRIES];
};

static struct stack_entries __percpu *stack_entries;

int klpx_stack_init(void)
{
	stack_entries = alloc_percpu(struct stack_entries);
	return stack_entries ? 0 : -ENOMEM;
}

void klpx_stack_exit(void)
{
	free_percpu(stack_entries);
}

static int check(struct task_struct *task,
		 const struct klpx_forbidden *forbidden, const void **owner)
{
	unsigned long *entries = this_cpu_ptr(stack_entries)->addrs;
	int i, n;

	n = klpx_sym_stack_reliable(task, entries, KLPX_STACK_ENTRIES);
	if (n < 0)
		return -EINVAL;

	for (i = 0; i < n; i++) {
		const struct klpx_range *range =
			klpx_ranges_find(forbidden->ranges, forbidden->count,
					 entries[i]);

		if (!range)
			range = klpx_ranges_find(forbidden->texts,
						 forbidden->nr_texts,
						 entries[i]);
		if (range) {
			*owner = range->owner;
			return -EADDRINUSE;
		}
	}
	return 0;
}

int klpx_stack_check(struct task_struct *task,
		     const struct klpx_forbidden *forbidden,
		     const void **owner)
{
	unsigned long flags;
	int ret;

	klpx_count(KLPX_STAT_TASKS_CHECKED);
	local_irq_save(flags);
	ret = check(task, forbidden, owner);
	local_irq_restore(flags);
	return ret;
}
