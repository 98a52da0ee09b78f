// SPDX-License-Identifier: GPL-2.0
/*
 * Which functions go on the fast path, and off it again: a worker that runs
 * when a transition has ended, and then when the counters can have something
 * new to say. It takes klpx_mutex for a few of them at a time, so that an
 * enable or a disable gets it in between.
 *
 * Under "hot", the handler's counters say which are worth it (pure/hot.h);
 * under "all", each is. Getting on and off takes ftrace an update for each
 * function, which is why "hot" has a limit.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/moduleparam.h>
#include <linux/workqueue.h>

#include "counters.h"
#include "fastpath.h"
#include "func_stack.h"
#include "muted.h"
#include "promote.h"
#include "pure/hot.h"
#include "redirect.h"
#include "stubs.h"
#include "transition_state.h"

/* Functions promoted in one holding of klpx_mutex. */
#define KLPX_PROMOTE_BATCH	8

static unsigned int hot_calls = 10000;
module_param(hot_calls, uint, 0644);
MODULE_PARM_DESC(hot_calls, "calls per second that make a function hot");

static unsigned int hot_max = 64;
module_param(hot_max, uint, 0644);
MODULE_PARM_DESC(hot_max, "functions on the fast path at most before a hot one is left out");

static struct workqueue_struct *promote_wq;
static void promote_worker(struct work_struct *work);
static DECLARE_DELAYED_WORK(promote_work, promote_worker);

/* How long the worker waits for a function that shows no sign of being hot. */
static unsigned int idle_ms;
static unsigned int wait_ms;	/* until the next look */
/* Some could not be promoted: there was no memory, or no stub. */
static bool lacking;

/* @func is on top of its function stack, so its patch's setting counts. */
static bool owns_stack(const struct klpx_lfunc *func)
{
	return func->stack && func->stack->top == &func->version &&
	       func->version.new_func;
}

#define for_each_owner(patch, obj, func)				\
	list_for_each_entry(patch, &klpx_patches, node)			\
		if (patch->fastpath != KLPX_FASTPATH_OFF)		\
			klpx_for_each_object(patch, obj)		\
				klpx_for_each_func(obj, func)		\
					if (owns_stack(func))

/*
 * pure/hot.c judges by where the calls go now: the handler counts only the
 * calls that it gets.
 */
static enum klpx_place place_of(const struct klpx_func_stack *stack)
{
	if (!stack->direct)
		return KLPX_HANDLED;
	return stack->traced ? KLPX_PROBED : KLPX_DIRECT;
}

static unsigned long count_calls(const struct klpx_func_stack *stack)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(stack->calls, cpu));
	return sum;
}

static u64 now_ms(void)
{
	return div_u64(ktime_get_ns(), NSEC_PER_MSEC);
}

/* Under "all" no function ever leaves for being cold. */
static enum klpx_move decide_for_all(struct klpx_func_stack *stack, u64 now)
{
	switch (place_of(stack)) {
	case KLPX_HANDLED:
		return klpx_heat_may_try(&stack->heat, now) ? KLPX_PROMOTE :
							     KLPX_STAY;
	case KLPX_PROBED:
		return KLPX_RESUME;
	default:
		return KLPX_STAY;
	}
}

/* Decide for each function what to do with it, as far as there is room. */
static bool decide_moves(void)
{
	long room = READ_ONCE(hot_max) -
		    atomic_long_read(&klpx_stats[KLPX_STAT_FASTPATH_FUNCTIONS]);
	struct klpx_lpatch *patch;
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	u64 now = now_ms();

	for_each_owner(patch, obj, func) {
		struct klpx_func_stack *stack = func->stack;

		if (patch->fastpath == KLPX_FASTPATH_ALL) {
			stack->move = decide_for_all(stack, now);
			continue;
		}
		stack->move = klpx_heat_look(&stack->heat, place_of(stack), now,
					     count_calls(stack),
					     READ_ONCE(hot_calls));
		if (stack->move == KLPX_PROMOTE && room-- <= 0)
			stack->move = KLPX_STAY;
	}
	return true;
}

/* .move is taken back, so that a move that fails is decided anew. */
static void take_moves(enum klpx_move move, struct list_head *stacks)
{
	struct klpx_lpatch *patch;
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;

	for_each_owner(patch, obj, func) {
		if (func->stack->move != move)
			continue;
		func->stack->move = KLPX_STAY;
		list_add_tail(&func->stack->batch, stacks);
	}
}

/*
 * One update of ftrace for all moves of a kind. A move that fails is decided
 * again in a later run.
 */
static bool apply_moves(void)
{
	LIST_HEAD(stacks);
	size_t n;

	take_moves(KLPX_PROBE, &stacks);
	klpx_fastpath_probe(&stacks);
	take_moves(KLPX_RESUME, &stacks);
	klpx_fastpath_resume(&stacks);
	take_moves(KLPX_COOL, &stacks);
	n = list_count_nodes(&stacks);
	if (!klpx_fastpath_leave_stacks(&stacks))
		atomic_long_add(n, &klpx_stats[KLPX_STAT_FASTPATH_COOLED]);
	return true;
}

static void try_promote(struct klpx_func_stack *stack, struct list_head *stacks)
{
	int ret = -EAGAIN;

	/* Not while its last direct call is on its way out. */
	if (!klpx_muted_at(stack->ip))
		ret = klpx_fastpath_attach(stack, stacks);
	switch (ret) {
	case 0:
		klpx_heat_promoted(&stack->heat, now_ms());
		break;
	case -EBUSY:	/* another direct caller */
		klpx_heat_refused(&stack->heat, now_ms());
		klpx_count(KLPX_STAT_FASTPATH_REFUSED);
		break;
	default:
		lacking = true;
	}
}

/* Promote the next few that shall be promoted; true if there were any. */
static bool promote_some(void)
{
	struct klpx_lpatch *patch;
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	unsigned int n = 0;
	LIST_HEAD(stacks);

	for_each_owner(patch, obj, func) {
		if (func->stack->move != KLPX_PROMOTE)
			continue;
		func->stack->move = KLPX_STAY;
		/* It may have been promoted by way of another patch. */
		if (!func->stack->direct && func->stack->traced)
			try_promote(func->stack, &stacks);
		if (++n == KLPX_PROMOTE_BATCH)
			goto out;
	}
out:
	/* What has been attached, in one update of ftrace. */
	klpx_fastpath_enter(&stacks);
	return n;
}

/* Set idle_ms and when the next run is due; false if none is. */
static bool set_next_run(void)
{
	struct klpx_lpatch *patch;
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	u64 now = now_ms();
	bool any = lacking;

	idle_ms = klpx_hot_next(idle_ms);
	wait_ms = lacking ? idle_ms : UINT_MAX;
	for_each_owner(patch, obj, func) {
		const struct klpx_func_stack *stack = func->stack;
		enum klpx_place place = place_of(stack);

		/* Under "all": only those that were refused are looked at. */
		if (patch->fastpath == KLPX_FASTPATH_ALL &&
		    (place != KLPX_HANDLED || klpx_heat_may_try(&stack->heat, now)))
			continue;
		wait_ms = min(wait_ms, klpx_heat_wait(&stack->heat, place, now,
						      idle_ms));
		any = true;
	}
	return any;
}

/*
 * Run @fn under klpx_mutex. False while a transition runs: its end wakes the
 * worker (klpx_transition_forget()).
 */
static bool run_if_settled(bool (*fn)(void), bool *result)
{
	bool settled;

	klpx_lock();
	settled = !klpx_transition_patch();
	*result = settled && fn();
	klpx_unlock();
	return settled;
}

static void promote_worker(struct work_struct *work)
{
	bool more;

	lacking = false;
	if (!run_if_settled(decide_moves, &more) ||
	    !run_if_settled(apply_moves, &more))
		return;
	do {
		if (!run_if_settled(promote_some, &more))
			return;
		cond_resched();
	} while (more);

	if (run_if_settled(set_next_run, &more) && more)
		queue_delayed_work(promote_wq, &promote_work,
				   msecs_to_jiffies(wait_ms));
}

void klpx_promote_wake(void)
{
	WRITE_ONCE(idle_ms, 0);
	mod_delayed_work(promote_wq, &promote_work, 0);
}

int klpx_demote_patch(struct klpx_lpatch *patch)
{
	LIST_HEAD(batch);

	klpx_batch_loaded(&batch, patch);
	return klpx_fastpath_leave(&batch);
}

/*
 * Take the functions of @patch off the fast path, but not those that a newer
 * patch has taken over.
 */
static int demote_own(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	LIST_HEAD(batch);

	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func)
			if (owns_stack(func))
				list_add_tail(&func->batch, &batch);
	return klpx_fastpath_leave(&batch);
}

int klpx_set_fastpath(struct klpx_lpatch *patch, enum klpx_fastpath mode)
{
	int ret = 0;

	lockdep_assert_held(&klpx_mutex);

	/* Its objects are being freed, without klpx_mutex. */
	if (list_empty(&patch->node))
		return -EINVAL;
	/* Those of a patch in transition are off it already. */
	if (mode == KLPX_FASTPATH_OFF)
		ret = demote_own(patch);
	if (ret)
		return ret;
	WRITE_ONCE(patch->fastpath, mode);
	klpx_promote_wake();
	return 0;
}

unsigned int klpx_promoted(const struct klpx_lpatch *patch)
{
	const struct klpx_lobject *obj;
	const struct klpx_lfunc *func;
	unsigned int n = 0;

	lockdep_assert_held(&klpx_mutex);
	/* Its objects are being freed, without klpx_mutex. */
	if (list_empty(&patch->node))
		return 0;
	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func)
			n += owns_stack(func) && func->stack->direct;
	return n;
}

int klpx_demote_ahead(const struct klpx_patch *desc)
{
	struct klpx_lpatch *patch;
	int ret;

	if (desc->model != KLPX_MODEL_STOP_MACHINE)
		return 0;
	ret = klpx_lock_killable();
	if (ret)
		return ret;
	/*
	 * What is refused here is refused again, and said, by the transition.
	 */
	if (!klpx_transition_patch())
		list_for_each_entry(patch, &klpx_patches, node)
			if (patch->desc == desc ||
			    (desc->replace && patch->desc->replace_set ==
					      desc->replace_set))
				demote_own(patch);
	klpx_unlock();
	klpx_muted_flush(NULL);
	return 0;
}

int klpx_promote_init(void)
{
	klpx_muted_init(klpx_promote_wake);
	klpx_stubs_init(klpx_promote_wake);
	/*
	 * Not freezable: it waits for klpx_mutex, whose holder may wait for
	 * long, and a suspend would fail over that.
	 */
	promote_wq = alloc_workqueue("klpx_promote", WQ_UNBOUND, 1);
	return promote_wq ? 0 : -ENOMEM;
}

void klpx_promote_exit(void)
{
	/* In this order: each of the first two wakes the promote worker. */
	klpx_muted_exit();
	klpx_stubs_exit();
	cancel_delayed_work_sync(&promote_work);
	destroy_workqueue(promote_wq);
}
