// SPDX-License-Identifier: GPL-2.0
/* Reliable unwinding and the search of each frame; see stack.h. */
#include <linux/percpu.h>

#include "counters.h"
#include "stack.h"
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

static const struct klpx_range *
find_unsafe(const struct klpx_unsafe *unsafe, unsigned long addr)
{
	return klpx_ranges_find(unsafe->ranges, unsafe->count, addr) ?:
	       klpx_ranges_find(unsafe->texts, unsafe->nr_texts, addr);
}

static bool has_owner(const void **owners, int n, const void *owner)
{
	while (n--)
		if (owners[n] == owner)
			return true;
	return false;
}

static int find_owners(struct task_struct *task,
		       const struct klpx_unsafe *unsafe,
		       const void **owners, int max)
{
	unsigned long *entries = this_cpu_ptr(stack_entries)->addrs;
	int i, n, found = 0;

	n = klpx_sym_stack_reliable(task, entries, KLPX_STACK_ENTRIES);
	if (n < 0)
		return -EINVAL;

	for (i = 0; i < n && found < max; i++) {
		const struct klpx_range *range =
			find_unsafe(unsafe, entries[i]);

		if (range && !has_owner(owners, found, range->owner))
			owners[found++] = range->owner;
	}
	return found;
}

int klpx_stack_owners(struct task_struct *task,
		      const struct klpx_unsafe *unsafe,
		      const void **owners, int max)
{
	unsigned long flags;
	int ret;

	klpx_count(KLPX_STAT_TASKS_CHECKED);
	local_irq_save(flags);
	ret = find_owners(task, unsafe, owners, max);
	local_irq_restore(flags);
	return ret;
}

int klpx_stack_check(struct task_struct *task,
		     const struct klpx_unsafe *unsafe,
		     const void **owner)
{
	int ret = klpx_stack_owners(task, unsafe, owner, 1);

	return ret > 0 ? -EADDRINUSE : ret;
}
