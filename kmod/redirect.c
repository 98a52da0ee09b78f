// SPDX-License-Identifier: GPL-2.0
/*
 * The stacks of versions of patched functions, and the handler.
 *
 * Readers: klpx_redirect_handler(), in any context, NMI and idle entry
 * included, as a reader (sync.h). Writers hold klpx_mutex. A function stack or
 * a version that has been unlinked is freed after klpx_sync_readers().
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "fastpath.h"
#include "filter.h"
#include "func_stack.h"
#include "pending.h"
#include "redirect.h"
#include "sync.h"

/*
 * Choose the version for this call.
 *
 * It calls nothing that can be traced, so it needs no recursion protection,
 * and has none: inside another tracer's callback the shared recursion bit is
 * taken, and a call to a patched function there would run the original. (Where
 * another ops is on the same function, ftrace itself looks at that bit before
 * it calls either; nothing can be done about it here.)
 *
 * Order of reads, against the order of writes in klpx_enable() and
 * klpx_disable() (transition.c):
 *  1. stack->top, published by smp_store_release() in push_version();
 *     a version seen here is seen with .transition as it was set before.
 *  2. version->transition; klpx_redirect_set_transition(true) comes after the
 *     pending set has been published (smp_wmb() there), so
 *  3. klpx_task_side() reads a set that holds every task of the old side.
 * When a transition ends, .transition is cleared or the version unlinked
 * first, then klpx_sync_readers() waits for all handlers, then the set goes.
 */
static void notrace klpx_redirect_handler(unsigned long ip,
					  unsigned long parent_ip,
					  struct ftrace_ops *ops,
					  struct ftrace_regs *fregs)
{
	struct klpx_version *version;
	struct klpx_func_stack *stack;

	klpx_read_lock();

	stack = klpx_find_func_stack(ip);
	if (unlikely(!stack))
		goto out;

	raw_cpu_inc(*stack->calls);
	/* 1: pairs with push_version(). */
	version = smp_load_acquire(&stack->top);
	if (version && unlikely(READ_ONCE(version->transition))) {
		/* 2 before 3; pairs with klpx_redirect_set_transition(). */
		smp_rmb();
		if (klpx_task_side(current) == KLPX_UNPATCHED)
			version = READ_ONCE(version->older);
	}
	/* new_func == NULL is a nop of an atomic replace: run the original. */
	if (version && version->new_func)
		ftrace_regs_set_instruction_pointer(fregs,
				(unsigned long)version->new_func);
out:
	klpx_read_unlock();
}

int klpx_redirect_init(void)
{
	return klpx_filter_init(klpx_redirect_handler);
}

void klpx_redirect_exit(void)
{
	struct hlist_node *next;
	struct klpx_func_stack *stack;
	size_t i;

	klpx_filter_exit();
	for (i = 0; i < ARRAY_SIZE(klpx_func_stacks); i++)
		hlist_for_each_entry_safe(stack, next, &klpx_func_stacks[i],
					  node)
			klpx_free_func_stack(stack);
}

unsigned long klpx_redirect_return_address(const struct klpx_lfunc *func)
{
	return func->ip + MCOUNT_INSN_SIZE;
}

static void push_version(struct klpx_lfunc *func)
{
	struct klpx_version *version = &func->version;

	version->older = func->stack->top;
	/* Pairs with smp_load_acquire() in klpx_redirect_handler(). */
	smp_store_release(&func->stack->top, version);
}

static void unlink_version(struct klpx_lfunc *func)
{
	struct klpx_version **link = &func->stack->top;

	while (*link && *link != &func->version)
		link = &(*link)->older;
	/* Redirected, and not in its function's stack: leave the stack alone. */
	if (WARN_ON_ONCE(!*link))
		return;
	/* Handlers that hold the version may still read its ->older. */
	WRITE_ONCE(*link, func->version.older);
}

void klpx_batch_object(struct list_head *batch, struct klpx_lobject *obj)
{
	struct klpx_lfunc *func;

	klpx_for_each_func(obj, func)
		list_add_tail(&func->batch, batch);
}

void klpx_batch_loaded(struct list_head *batch, struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;

	klpx_for_each_object(patch, obj)
		if (klpx_object_loaded(obj))
			klpx_batch_object(batch, obj);
}

#define for_each_in(batch, func) \
	list_for_each_entry(func, batch, batch)

/*
 * The function stacks of @batch that are to be added to the filter, being new,
 * or to be removed, with no version left. Two functions of a batch can share a
 * function stack.
 */
static size_t collect_stacks(struct list_head *batch, bool add,
			     struct list_head *stacks)
{
	struct klpx_lfunc *func;
	size_t n = 0;

	for_each_in(batch, func) {
		struct klpx_func_stack *stack = func->stack;

		if (!stack || stack->traced == add || (!add && stack->top) ||
		    !list_empty(&stack->batch))
			continue;
		list_add_tail(&stack->batch, stacks);
		n++;
	}
	return n;
}

static size_t take_addresses(struct list_head *stacks, unsigned long *ips)
{
	struct klpx_func_stack *stack, *next;
	size_t n = 0;

	list_for_each_entry_safe(stack, next, stacks, batch) {
		list_del_init(&stack->batch);
		if (ips)
			ips[n++] = stack->ip;
	}
	return n;
}

static int update_filter(struct list_head *batch, bool add,
			 const struct klpx_lfunc **refused)
{
	struct klpx_lfunc *func;
	size_t n, index = 0;
	unsigned long *ips;
	LIST_HEAD(stacks);
	int ret;

	n = collect_stacks(batch, add, &stacks);
	if (!n)
		return 0;
	ips = kvmalloc_array(n, sizeof(*ips), GFP_KERNEL);
	take_addresses(&stacks, ips);
	if (!ips)
		return -ENOMEM;

	ret = add ? klpx_filter_add(ips, n, &index) :
		    klpx_filter_remove(ips, n);
	if (ret && refused)
		for_each_in(batch, func)
			if (func->ip == ips[index])
				*refused = func;
	kvfree(ips);
	return ret;
}

#define KLPX_NOMEM_RETRY_MS	10
#define KLPX_NOMEM_TRIES	500

/* ftrace still calls the handler for it, so its module has to stay. */
static bool is_stuck(const struct klpx_lfunc *func)
{
	return func->stack && func->stack->traced && !func->stack->top &&
	       func->obj->mod;
}

/*
 * Keep the modules of stuck functions in memory; false if one is on its way
 * out.
 */
static bool keep_targets(struct list_head *batch)
{
	struct klpx_lfunc *func, *stop;

	for_each_in(batch, func)
		if (is_stuck(func) && !try_module_get(func->obj->mod))
			goto err_put;
	return true;

err_put:
	for_each_in(batch, stop) {
		if (stop == func)
			return false;
		if (is_stuck(stop))
			module_put(stop->obj->mod);
	}
	return false;
}

/*
 * The function stacks of @batch without a version lead to the original, whether
 * ftrace calls the handler there or not. But it has to let go before a target
 * module's memory is used for something else: else it would find a function of
 * another module in our filter. What it needs memory for is small, and is taken
 * from the reserves if need be; if there is still none after seconds, klpx.ko
 * and the target modules stay. A module that is on its way out cannot, so for
 * that one there is nothing but to go on trying.
 */
static void leave_filter(struct list_head *batch)
{
	unsigned int tries, flags;
	int ret;

	ret = update_filter(batch, false, NULL);
	for (tries = 1; ret == -ENOMEM; tries++) {
		pr_warn_once("no memory to tell ftrace that functions are not redirected any more; trying again\n");
		if (tries == KLPX_NOMEM_TRIES && keep_targets(batch))
			break;
		msleep(KLPX_NOMEM_RETRY_MS);
		flags = memalloc_noreclaim_save();
		ret = update_filter(batch, false, NULL);
		memalloc_noreclaim_restore(flags);
	}
	if (ret)
		klpx_filter_stuck(ret);
}

/*
 * Frees the function stacks of @batch that hold no version and are not traced.
 */
static void put_stacks(struct list_head *batch)
{
	struct klpx_func_stack *stack, *next;
	struct klpx_lfunc *func;
	LIST_HEAD(gone);

	for_each_in(batch, func) {
		stack = func->stack;
		func->stack = NULL;
		/* Two functions of a batch can share a function stack. */
		if (!stack || stack->top || stack->traced ||
		    !list_empty(&stack->batch))
			continue;
		klpx_unlink_func_stack(stack);
		list_add(&stack->batch, &gone);
	}

	if (!list_empty(&gone))
		klpx_sync_readers();
	list_for_each_entry_safe(stack, next, &gone, batch)
		klpx_free_func_stack(stack);
}

static void unlink_versions(struct list_head *batch)
{
	struct klpx_lfunc *func;

	for_each_in(batch, func)
		if (func->stack)
			unlink_version(func);
}

static int redirect_batch(struct list_head *batch,
			  const struct klpx_lfunc **refused)
{
	struct klpx_lfunc *func;
	int ret = -ENOMEM;

	lockdep_assert_held(&klpx_mutex);
	if (list_empty(batch))
		return 0;

	for_each_in(batch, func) {
		*refused = func;
		func->stack = klpx_get_func_stack(func->ip);
		if (!func->stack)
			goto err_unlink;
		push_version(func);
	}

	ret = update_filter(batch, true, refused);
	if (ret) {
		pr_err("failed to register ftrace handler for function '%s' (%d)\n",
		       (*refused)->old_name, ret);
		goto err_unlink;
	}
	return 0;

err_unlink:
	unlink_versions(batch);
	klpx_sync_readers();
	leave_filter(batch);
	put_stacks(batch);
	return ret;
}

void klpx_unredirect(struct list_head *batch)
{
	lockdep_assert_held(&klpx_mutex);
	if (list_empty(batch))
		return;

	/*
	 * Usually there is none; a target module that is being unloaded may
	 * still have functions on the fast path.
	 */
	klpx_fastpath_drop(batch);
	unlink_versions(batch);
	klpx_sync_readers();
	leave_filter(batch);
	put_stacks(batch);
}

int klpx_redirect_object(struct klpx_lobject *obj)
{
	const struct klpx_lfunc *refused;
	LIST_HEAD(batch);
	int ret;

	klpx_batch_object(&batch, obj);
	ret = redirect_batch(&batch, &refused);
	if (!ret)
		WRITE_ONCE(obj->patched, true);
	return ret;
}

void klpx_unredirect_object(struct klpx_lobject *obj)
{
	LIST_HEAD(batch);

	klpx_batch_object(&batch, obj);
	WRITE_ONCE(obj->patched, false);
	klpx_unredirect(&batch);
}

void klpx_unredirect_patch(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	LIST_HEAD(batch);

	klpx_for_each_object(patch, obj) {
		if (!obj->patched)
			continue;
		klpx_batch_object(&batch, obj);
		WRITE_ONCE(obj->patched, false);
	}
	klpx_unredirect(&batch);
}

void klpx_redirect_set_transition(struct klpx_lpatch *patch, bool on)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;

	/*
	 * klpx_pending_publish() comes before .transition; pairs with smp_rmb()
	 * in klpx_redirect_handler().
	 */
	smp_wmb();
	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func)
			WRITE_ONCE(func->version.transition, on);
}
