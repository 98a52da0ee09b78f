// SPDX-License-Identifier: GPL-2.0
/* On and off the fast path; see fastpath.h. */
#include <linux/slab.h>

#include "counters.h"
#include "direct.h"
#include "fastpath.h"
#include "filter.h"
#include "func_stack.h"
#include "muted.h"

static void release_batch(struct list_head *stacks)
{
	struct klpx_func_stack *stack, *next;

	list_for_each_entry_safe(stack, next, stacks, batch)
		list_del_init(&stack->batch);
}

/* The handler, if it is there as well, has the last word from now on. */
static void end_direct(struct list_head *stacks)
{
	struct klpx_func_stack *stack;

	list_for_each_entry(stack, stacks, batch) {
		klpx_direct_mute(stack->direct);
		klpx_muted_add(stack->direct);
		stack->direct = NULL;
	}
	klpx_muted_wake();
	release_batch(stacks);
}

/* The calls of @stacks are direct now, with no handler behind them. */
static void count_direct(struct list_head *stacks)
{
	struct klpx_func_stack *stack;

	list_for_each_entry(stack, stacks, batch) {
		klpx_count(KLPX_STAT_FASTPATH_FUNCTIONS);
		klpx_count(KLPX_STAT_FASTPATH_PROMOTED);
	}
}

static void uncount_direct(struct list_head *stacks)
{
	struct klpx_func_stack *stack;

	list_for_each_entry(stack, stacks, batch)
		klpx_uncount(KLPX_STAT_FASTPATH_FUNCTIONS);
}

/*
 * Hand to the handler those of @stacks that it does not have; or take them
 * away.
 */
static int update_traced(struct list_head *stacks, bool traced)
{
	struct klpx_func_stack *stack;
	unsigned long *ips;
	size_t n = 0;
	int ret = 0;

	ips = kvmalloc_array(list_count_nodes(stacks), sizeof(*ips), GFP_KERNEL);
	if (!ips)
		return -ENOMEM;
	list_for_each_entry(stack, stacks, batch)
		if (stack->traced != traced)
			ips[n++] = stack->ip;
	if (n)
		ret = traced ? klpx_filter_rejoin(ips, n) :
			       klpx_filter_remove(ips, n);
	kvfree(ips);
	return ret;
}

/*
 * Taking @stacks away from the handler has failed for some. Those that still
 * have it lose their direct call; the others are on the fast path now, and
 * leave as all do. (A function with neither would never ask for the side of a
 * task.)
 */
static void give_up_traced(struct list_head *stacks)
{
	struct klpx_func_stack *stack, *next;
	LIST_HEAD(traced);

	list_for_each_entry_safe(stack, next, stacks, batch)
		if (stack->traced)
			list_move_tail(&stack->batch, &traced);
	end_direct(&traced);
}

int klpx_fastpath_attach(struct klpx_func_stack *stack,
			 struct list_head *stacks)
{
	struct klpx_direct *direct;

	lockdep_assert_held(&klpx_mutex);

	direct = klpx_direct_attach(stack->ip, stack->top->new_func);
	if (IS_ERR(direct))
		return PTR_ERR(direct);
	stack->direct = direct;
	list_add_tail(&stack->batch, stacks);
	return 0;
}

void klpx_fastpath_enter(struct list_head *stacks)
{
	lockdep_assert_held(&klpx_mutex);
	if (list_empty(stacks))
		return;

	if (update_traced(stacks, false))
		give_up_traced(stacks);
	count_direct(stacks);
	release_batch(stacks);
}

void klpx_fastpath_probe(struct list_head *stacks)
{
	lockdep_assert_held(&klpx_mutex);
	if (!list_empty(stacks))
		update_traced(stacks, true);
	release_batch(stacks);
}

void klpx_fastpath_resume(struct list_head *stacks)
{
	lockdep_assert_held(&klpx_mutex);
	if (!list_empty(stacks))
		update_traced(stacks, false);
	release_batch(stacks);
}

int klpx_fastpath_leave_stacks(struct list_head *stacks)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);
	if (list_empty(stacks))
		return 0;

	ret = update_traced(stacks, true);
	if (ret) {
		release_batch(stacks);
		return ret;
	}
	uncount_direct(stacks);
	end_direct(stacks);
	return 0;
}

static void collect_direct(struct list_head *batch, struct list_head *stacks)
{
	struct klpx_lfunc *func;

	list_for_each_entry(func, batch, batch) {
		struct klpx_func_stack *stack = klpx_find_func_stack(func->ip);

		/* Two functions of a batch can share a function stack. */
		if (stack && stack->direct && list_empty(&stack->batch))
			list_add_tail(&stack->batch, stacks);
	}
}

int klpx_fastpath_leave(struct list_head *batch)
{
	LIST_HEAD(stacks);

	collect_direct(batch, &stacks);
	return klpx_fastpath_leave_stacks(&stacks);
}

void klpx_fastpath_drop(struct list_head *batch)
{
	LIST_HEAD(stacks);

	lockdep_assert_held(&klpx_mutex);

	collect_direct(batch, &stacks);
	if (list_empty(&stacks))
		return;
	uncount_direct(&stacks);
	end_direct(&stacks);
}
