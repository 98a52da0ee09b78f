/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Getting function stacks on and off the fast path, where a patched function
 * calls its stub directly instead of the handler.
 *
 *	handler  ->  both  ->  direct only		enter
 *	             both  <-  direct only		probe
 *	             both  ->  direct only		resume
 *	handler  <-  both, muted  <-  direct only	leave
 *
 * In between both are there and lead to the same version, so every call finds
 * it. Each is one update of ftrace for all its function stacks; but each stub
 * also costs one when it comes (attach) and one when it goes, which muted.c
 * does later.
 *
 * A function stack enters when no transition runs, and leaves before one that
 * it takes part in begins (promote.c, prepare.c); so a stub never leads
 * anywhere but to the top version of its function stack, which is not in
 * transition, unless it is muted: then the handler has the last word.
 *
 * A task that was on its way through a stub or through ftrace before the
 * function stack left still gets to the version of the stub. It is on the old
 * side of the transition then, and stays there while it has that version or the
 * entry of the function on its stack (unsafe.c).
 *
 * Lists are of klpx_func_stack.batch, and empty afterwards. All: klpx_mutex
 * held, may sleep.
 */
#ifndef KLPX_FASTPATH_H
#define KLPX_FASTPATH_H

struct klpx_func_stack;

/* Adds @stack to @stacks if another direct caller (BPF) lets it: or -errno. */
int klpx_fastpath_attach(struct klpx_func_stack *stack,
			 struct list_head *stacks);

/*
 * Takes @stacks, which have been attached, away from the handler. Without
 * memory they stay with it, and the stubs go.
 */
void klpx_fastpath_enter(struct list_head *stacks);

/*
 * Puts the handler beside the stubs of @stacks, so that it counts their calls;
 * takes it away again. Those that cannot stay as they were.
 */
void klpx_fastpath_probe(struct list_head *stacks);
void klpx_fastpath_resume(struct list_head *stacks);

/*
 * Back to the handler, those that are on the fast path. All or none: -ENOMEM,
 * -EBUSY (another user of ftrace has come to redirect one as well).
 */
int klpx_fastpath_leave_stacks(struct list_head *stacks);

/* The same for the functions in @batch (klpx_lfunc.batch), which stays. */
int klpx_fastpath_leave(struct list_head *batch);

/*
 * The same for functions whose module goes; cannot fail. A task may call them
 * until klpx_muted_at() says that ftrace has let go.
 */
void klpx_fastpath_drop(struct list_head *batch);

#endif /* KLPX_FASTPATH_H */
