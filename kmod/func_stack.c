// SPDX-License-Identifier: GPL-2.0
/* The function stacks, by address; see func_stack.h. */
#include <linux/rculist.h>
#include <linux/slab.h>

#include "func_stack.h"

struct hlist_head klpx_func_stacks[1 << KLPX_FUNC_STACK_BITS];

struct klpx_func_stack *klpx_get_func_stack(unsigned long ip)
{
	struct klpx_func_stack *stack = klpx_find_func_stack(ip);

	lockdep_assert_held(&klpx_mutex);
	if (stack)
		return stack;

	stack = kzalloc(sizeof(*stack), GFP_KERNEL);
	if (!stack)
		return NULL;
	stack->ip = ip;
	INIT_LIST_HEAD(&stack->batch);
	stack->calls = alloc_percpu(unsigned long);
	if (!stack->calls) {
		kfree(stack);
		return NULL;
	}
	/* The handler reads ->next; publish the initialised node. */
	hlist_add_head_rcu(&stack->node, klpx_func_stack_bucket(ip));
	return stack;
}

void klpx_unlink_func_stack(struct klpx_func_stack *stack)
{
	hlist_del_init_rcu(&stack->node);
}

void klpx_free_func_stack(struct klpx_func_stack *stack)
{
	if (!stack)
		return;
	free_percpu(stack->calls);
	kfree(stack);
}
