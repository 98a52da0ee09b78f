/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The function stack of a patched function: its versions, newest first, found
 * by the address that ftrace reports for the function. Writers hold klpx_mutex.
 * klpx_redirect_handler() reads, as a reader (sync.h), so a function stack is
 * freed after klpx_sync_readers().
 *
 * How a call gets to the newest version: by the handler, if the function stack
 * is in the filter of its ops (.traced), or on the fast path (.direct). Both at
 * once while it changes from one to the other, and while the calls of one that
 * is on the fast path are counted; then both lead to the same version.
 */
#ifndef KLPX_FUNC_STACK_H
#define KLPX_FUNC_STACK_H

#include <linux/hash.h>
#include <linux/percpu.h>

#include "pure/hot.h"
#include "records.h"

struct klpx_direct;

struct klpx_func_stack {
	struct hlist_node node;
	unsigned long ip;
	struct klpx_version *top;	/* NULL: nothing but the original */
	bool traced;			/* ftrace calls the handler: filter.c */

	/* The fast path: fastpath.c, promote.c. */
	struct klpx_direct *direct;	/* NULL: not on it */
	struct list_head batch;		/* in the list of one call */
	unsigned long __percpu *calls;	/* that the handler has seen */
	struct klpx_heat heat;		/* what promote.c makes of .calls */
	enum klpx_move move;		/* that promote.c has yet to make */
};

#define KLPX_FUNC_STACK_BITS	12

extern struct hlist_head klpx_func_stacks[1 << KLPX_FUNC_STACK_BITS];

static __always_inline struct hlist_head *
klpx_func_stack_bucket(unsigned long ip)
{
	return &klpx_func_stacks[hash_long(ip, KLPX_FUNC_STACK_BITS)];
}

/* Lock-free, any context; a reader, or klpx_mutex held. */
static __always_inline struct klpx_func_stack *
klpx_find_func_stack(unsigned long ip)
{
	struct hlist_node *node;

	for (node = READ_ONCE(klpx_func_stack_bucket(ip)->first); node;
	     node = READ_ONCE(node->next)) {
		struct klpx_func_stack *stack =
			hlist_entry(node, struct klpx_func_stack, node);

		if (stack->ip == ip)
			return stack;
	}
	return NULL;
}

/*
 * The function stack of @ip, made if need be. NULL: no memory. klpx_mutex held.
 */
struct klpx_func_stack *klpx_get_func_stack(unsigned long ip);

/* Unhash it; free it after klpx_sync_readers(). */
void klpx_unlink_func_stack(struct klpx_func_stack *stack);
void klpx_free_func_stack(struct klpx_func_stack *stack);

#endif /* KLPX_FUNC_STACK_H */
