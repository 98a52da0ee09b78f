// SPDX-License-Identifier: GPL-2.0
/*
 * The consistency model.
 *
 * A function is *in transition* while some tasks shall call the version above
 * and some the version below. Each task is on one side, PATCHED or UNPATCHED,
 * and keeps to it until it is switched; it is switched only when none of the
 * functions that are being taken away is on its stack. So no task ever mixes
 * the two sets of functions, and when the last task has been switched no task
 * is inside what was taken away.
 *
 *	enable            disable
 *	  prepare           prepare        every task has an entry, on the
 *	     |                 |           side it is on; fork and exit watched
 *	  add versions      mark versions  the handler starts to ask for sides
 *	     |                 |
 *	  module_init()        |           may still fail: waiting.c
 *	     |                 |
 *	     +--- running -----+           switching is open
 *	             |    ^
 *	             +----+ reverse        switching closed; the target changes
 *	             |
 *	          complete                 no task is pending
 *
 * Tasks are switched by the worker (worker.c), if they are off their CPU, and
 * by themselves, when they leave the kernel or their CPU (switch.c). What an
 * operator can ask for meanwhile is in requests.c.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>

#include "all_tasks.h"
#include "announce.h"
#include "callbacks.h"
#include "evict.h"
#include "lifetime.h"
#include "muted.h"
#include "prepare.h"
#include "redirect.h"
#include "replace.h"
#include "stop.h"
#include "switch.h"
#include "sync.h"
#include "transition.h"
#include "transition_state.h"
#include "unsafe.h"
#include "waiting.h"
#include "wake.h"

/*
 * A task that was on an address of the last list may be on none of the new one:
 * wake the worker.
 */
static void open_switching(void)
{
	klpx_unsafe_fill(&klpx_tr.unsafe, klpx_tr.patch);
	klpx_switch_open(klpx_tr.patch->target, &klpx_tr.unsafe);
	klpx_wake_worker();
}

/* Everything is in place. */
static void start_switching(void)
{
	struct klpx_lpatch *patch = klpx_tr.patch;

	pr_notice("'%s': starting %s transition\n", patch->name,
		  klpx_direction(patch->target));

	klpx_schedule_reset(&klpx_tr.schedule);
	klpx_tr.reversed_ns = ktime_get_ns();
	klpx_tr.signaled = false;
	open_switching();
}

/* Tasks start to switch; or they have already, all at one instant. */
void klpx_transition_begin(void)
{
	struct klpx_lpatch *patch = klpx_tr.patch;

	klpx_announce_start(patch);
	if (patch->desc->model == KLPX_MODEL_TASKS) {
		start_switching();
		return;
	}
	pr_notice("'%s': starting %s transition\n", patch->name,
		  klpx_direction(patch->target));
	/* A rest; most has gone by klpx_demote_ahead(). */
	if (klpx_muted_in(patch))
		klpx_muted_flush(NULL);
	klpx_transition_complete();
}

/*
 * The ends of a transition. The order matters to klpx_redirect_handler(), which
 * must not find .transition set and the pending set gone:
 *
 *	PATCHED: .transition is cleared, then all readers are waited for, then the
 *	set goes (give_up_disable(), klpx_transition_complete());
 *	UNPATCHED: the versions are unlinked and all readers waited for, both by
 *	klpx_unredirect_patch(), then the set goes (leave_patch()).
 *
 * The callbacks come when no task has a side any more, and before
 * klpx_transition_forget(), after which another transition may begin.
 */

/* No task is in the functions of @patch, or will call them. */
static void leave_patch(struct klpx_lpatch *patch)
{
	klpx_unredirect_patch(patch);
	klpx_redirect_set_transition(patch, false);
	klpx_transition_forget_tasks();
	klpx_callbacks_post_unpatch(patch);
}

/*
 * A disable has been refused: a task is in the way of a patch that stops the
 * machine, or there is no memory. Every task is still on the patched side, as
 * if the transition had been reversed at once.
 */
static void give_up_disable(struct klpx_lpatch *patch, bool told_callbacks)
{
	klpx_redirect_set_transition(patch, false);
	klpx_sync_readers();
	klpx_transition_forget_tasks();
	WRITE_ONCE(patch->target, KLPX_PATCHED);
	WRITE_ONCE(patch->ended_ns, ktime_get_ns());
	if (told_callbacks)
		klpx_callbacks_post_patch(patch);
	klpx_transition_forget();
}

/* An enable has failed half-way: no task has been switched. */
void klpx_transition_cancel(void)
{
	struct klpx_lpatch *patch = klpx_tr.patch;

	pr_debug("'%s': canceling patching transition, going to unpatch\n",
		 patch->name);
	pr_debug("'%s': completing %s transition\n", patch->name,
		 klpx_direction(KLPX_UNPATCHED));

	leave_patch(patch);
	WRITE_ONCE(patch->target, KLPX_UNPATCHED);
	WRITE_ONCE(patch->ended_ns, ktime_get_ns());
	pr_notice("'%s': unpatching complete\n", patch->name);
	klpx_transition_forget();
}

/*
 * Object by object, as in the kernel's livepatch: an object whose turn does not
 * come has seen nothing.
 */
static int redirect_objects(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	int ret;

	klpx_for_each_object(patch, obj) {
		if (!klpx_object_loaded(obj))
			continue;
		ret = klpx_pre_patch(obj);
		if (ret)
			return ret;
		ret = klpx_redirect_object(obj);
		if (ret) {
			pr_warn("failed to patch object '%s'\n",
				klpx_object_name(obj));
			return ret;
		}
	}
	return 0;
}

int klpx_enable(struct klpx_lpatch *patch)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	ret = klpx_transition_prepare(patch, KLPX_PATCHED);
	if (ret)
		return ret;

	/* Set before the handler can see a version: every task runs the old. */
	klpx_redirect_set_transition(patch, true);
	ret = klpx_callbacks_pre_patch(patch);
	if (!ret)
		ret = redirect_objects(patch);
	if (!ret && patch->desc->model == KLPX_MODEL_STOP_MACHINE)
		ret = klpx_stop_switch();
	if (ret) {
		pr_warn("failed to enable patch '%s'\n", patch->name);
		klpx_transition_cancel();
		return ret;
	}

	if (klpx_tr.set->stops)
		klpx_transition_begin();
	else
		klpx_waiting_start();
	return 0;
}

int klpx_disable(struct klpx_lpatch *patch)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	ret = klpx_transition_prepare(patch, KLPX_UNPATCHED);
	if (ret)
		return ret;

	/*
	 * The set says PATCHED for every task: nothing changes by this. Only
	 * now may the default side change. For a child that gets no entry,
	 * because there is no memory, the versions ask for its side from its
	 * first call on; a child from before makes setting the target fail. In
	 * the other order it would run the patched version, count as unpatched,
	 * and sleep in freed memory.
	 */
	klpx_redirect_set_transition(patch, true);
	if (!klpx_tr.set->stops)
		ret = klpx_pending_set_target(klpx_tr.set, KLPX_UNPATCHED);
	/* What is tried again and again tells the patch when it may succeed. */
	else if (READ_ONCE(patch->going))
		ret = klpx_stop_check();
	if (ret) {
		give_up_disable(patch, false);
		return ret;
	}
	klpx_callbacks_pre_unpatch(patch);
	if (klpx_tr.set->stops)
		ret = klpx_stop_switch();
	if (ret) {
		give_up_disable(patch, true);
		return ret;
	}

	klpx_transition_begin();
	return 0;
}

/*
 * The functions of one object come or go while switching is closed, so that no
 * task is checked against a list of unsafe addresses that is not right. In a
 * transition, .transition of the object's functions is set already: it is set
 * for all functions of a patch, loaded or not.
 */
int klpx_transition_add_object(struct klpx_lobject *obj)
{
	int ret = 0;

	lockdep_assert_held(&klpx_mutex);

	if (klpx_tr.patch) {
		klpx_switch_close();
		ret = klpx_unsafe_reserve(&klpx_tr.unsafe, klpx_tr.patch);
	}
	if (!ret)
		ret = klpx_redirect_object(obj);
	if (klpx_tr.patch && !klpx_tr.waits)
		open_switching();
	return ret;
}

void klpx_transition_remove_object(struct klpx_lobject *obj)
{
	lockdep_assert_held(&klpx_mutex);

	if (klpx_tr.patch)
		klpx_switch_close();
	klpx_unredirect_object(obj);
	if (klpx_tr.patch && !klpx_tr.waits)
		open_switching();
}

/*
 * Tasks that were forked on the default side have no entry: give them one, and
 * wait for any handler that did not find it, before the default changes under
 * it.
 */
int klpx_transition_set_target(enum klpx_side target)
{
	int ret;

	ret = klpx_add_all_tasks(klpx_tr.set);
	klpx_sync_readers();
	return ret ?: klpx_pending_set_target(klpx_tr.set, target);
}

int klpx_transition_reverse(void)
{
	struct klpx_lpatch *patch = klpx_tr.patch;
	int ret;

	lockdep_assert_held(&klpx_mutex);

	pr_debug("'%s': reversing transition from %s to %s\n", patch->name,
		 klpx_direction(patch->target), klpx_direction(!patch->target));
	if (klpx_tr.waits) {
		klpx_waiting_give_up();
		return 0;
	}

	/* While switching is closed no task's side changes. */
	klpx_switch_close();
	ret = klpx_transition_set_target(!patch->target);
	if (ret) {
		klpx_switch_open(patch->target, &klpx_tr.unsafe);
		return ret;
	}

	WRITE_ONCE(patch->target, !patch->target);
	WRITE_ONCE(patch->tasks, atomic_long_read(&klpx_nr_pending));
	klpx_announce_reverse(patch);
	start_switching();
	return 0;
}

/* No task is pending: each already sees what it will see for good. */
void klpx_transition_complete(void)
{
	struct klpx_lpatch *patch = klpx_tr.patch;

	pr_debug("'%s': completing %s transition\n", patch->name,
		 klpx_direction(patch->target));

	if (patch->target == KLPX_PATCHED)
		klpx_redirect_set_transition(patch, false);
	klpx_switch_close();

	if (patch->target == KLPX_PATCHED) {
		klpx_replace_unpatch_old(patch, klpx_tr.replaced_forced);
		klpx_transition_forget_tasks();
		klpx_callbacks_post_patch(patch);
	} else {
		if (klpx_tr.removes_forced)
			WRITE_ONCE(patch->forced, true);
		leave_patch(patch);
	}
	WRITE_ONCE(patch->ended_ns, ktime_get_ns());
	pr_notice("'%s': %s complete\n", patch->name,
		  klpx_direction(patch->target));
	klpx_announce_complete(patch);
	klpx_transition_forget();
	/* First: with the last patch retired, klpx.ko can be unloaded. */
	klpx_evict_wake();

	if (patch->target == KLPX_PATCHED)
		klpx_replace_retire_old(patch);
	else
		klpx_retire_patch(patch);
}
