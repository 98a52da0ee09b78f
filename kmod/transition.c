// SPDX-License-Identifier: GPL-2.0
/*
 * The consistency model.
 *
 * A function is *in transition* while some tasks shall call the version above
 * and some the version below. Each task is on one side, PATCHED or UNPATCHED,
 * and keeps to it until it is switched; it is switched only when none of the
 * functions that are being taken away is on its stack. So no task ever mixes
 * the two sets of functions, and when the last task has been switched nobody
 * is inside what was taken away.
 *
 *	enable            disable
 *	  prepare           prepare        every task has an entry, on the
 *	     |                 |           side it is on; fork and exit watched
 *	  add versions      mark versions  the handler starts to ask for sides
 *	     |                 |
 *	     +--- running -----+           the gate is open, tasks switch
 *	             |    ^
 *	             +----+ reverse        gate shut; the set turned inside out
 *	             |
 *	          complete                 nobody is pending
 *
 * Who moves tasks: the worker (pass.c), for those that are off their CPU; the
 * tasks themselves, when they leave the kernel or their CPU (switch.c). What an
 * operator can ask for meanwhile is in requests.c.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>

#include "callbacks.h"
#include "forbidden.h"
#include "hooks.h"
#include "promote.h"
#include "redirect.h"
#include "replace.h"
#include "report.h"
#include "stop.h"
#include "switch.h"
#include "sync.h"
#include "transition_state.h"

struct klpx_transition klpx_tr;

struct klpx_lpatch *klpx_transition_patch(void)
{
	lockdep_assert_held(&klpx_mutex);
	return klpx_tr.patch;
}

bool klpx_in_transition(const struct klpx_lpatch *patch)
{
	/* Pairs with forget(): what it left behind is seen. */
	return smp_load_acquire(&klpx_tr.patch) == patch;
}

/* For log lines in the words of the kernel's livepatch. */
static const char *direction(enum klpx_side target)
{
	return target == KLPX_PATCHED ? "patching" : "unpatching";
}

/* Undo prepare(), in two steps: no function is in transition any more. */
static void forget_tasks(void)
{
	if (klpx_tr.set)
		klpx_set_retire(klpx_tr.set);
	klpx_tr.set = NULL;
}

/* From here on functions may go (back) on the fast path. */
static void forget(void)
{
	klpx_forbidden_free(&klpx_tr.forbidden);
	/* Whoever reads that the transition is over finds it so. */
	smp_store_release(&klpx_tr.patch, NULL);
	memset(&klpx_tr, 0, sizeof(klpx_tr));
	klpx_promote_kick();
}

/*
 * Give every task an entry on the side it is on, which is !@target for all.
 * From here to forget() fork and exit are watched.
 */
static int prepare(struct klpx_lpatch *patch, enum klpx_side target)
{
	int ret;

	if (klpx_tr.patch)
		return -EBUSY;

	pr_debug("'%s': initializing %s transition\n", patch->name,
		 direction(target));

	/* A stub asks nobody's side. */
	ret = klpx_demote_patch(patch);
	if (ret)
		return ret;
	ret = klpx_forbidden_alloc(&klpx_tr.forbidden, patch);
	if (ret)
		goto err_forget;
	ret = -ENOMEM;
	klpx_tr.set = klpx_set_create(!target);
	if (!klpx_tr.set)
		goto err_forget;

	klpx_report_prepare(patch, target);
	klpx_set_publish(klpx_tr.set);
	ret = klpx_set_enroll_everyone(klpx_tr.set);
	/* Where the machine is stopped, sides turn in stop.c, all at once. */
	if (!ret && patch->desc->model == KLPX_MODEL_TASKS) {
		ret = klpx_hooks_watch_switches();
		if (!ret) {
			ret = klpx_set_turn(klpx_tr.set, target);
			if (ret)
				klpx_hooks_unwatch_switches();
		}
	}
	if (ret)
		goto err_forget;

	patch->target = target;
	patch->tasks = READ_ONCE(klpx_tr.set->nr_entries);
	patch->retries = 0;
	WRITE_ONCE(patch->started_ns, ktime_get_ns());
	WRITE_ONCE(patch->ended_ns, 0);
	smp_store_release(&klpx_tr.patch, patch);
	return 0;

err_forget:
	forget_tasks();
	forget();
	return ret;
}

/* Who could not pass before may be able to now: wake the worker. */
static void open_gate(void)
{
	klpx_forbidden_fill(&klpx_tr.forbidden, klpx_tr.patch);
	klpx_switch_open(klpx_tr.patch->target, &klpx_tr.forbidden);
	klpx_transition_wake();
}

/* Everything is in place. */
static void start(void)
{
	struct klpx_lpatch *patch = klpx_tr.patch;

	pr_notice("'%s': starting %s transition\n", patch->name,
		  direction(patch->target));

	klpx_schedule_reset(&klpx_tr.schedule);
	klpx_tr.turned_ns = ktime_get_ns();
	klpx_tr.signaled = false;
	open_gate();
}

/* Tasks start to switch; or they have already, all at one instant. */
static void begin(void)
{
	struct klpx_lpatch *patch = klpx_tr.patch;

	klpx_report_start(patch);
	if (patch->desc->model == KLPX_MODEL_TASKS) {
		start();
		return;
	}
	pr_notice("'%s': starting %s transition\n", patch->name,
		  direction(patch->target));
	klpx_transition_complete();
}

/*
 * A disable that stops the machine has been refused. Everyone is still on the
 * patched side, as if the transition had been reversed at once.
 */
static void give_up_disable(struct klpx_lpatch *patch)
{
	klpx_redirect_set_transition(patch, false);
	klpx_sync_cpus();
	forget_tasks();
	patch->target = KLPX_PATCHED;
	patch->ended_ns = ktime_get_ns();
	klpx_callbacks_post_patch(patch);
	forget();
}

/* An enable has failed half-way: no task has been switched. */
static void cancel(struct klpx_lpatch *patch)
{
	pr_debug("'%s': canceling patching transition, going to unpatch\n",
		 patch->name);
	pr_debug("'%s': completing %s transition\n", patch->name,
		 direction(KLPX_UNPATCHED));

	klpx_unredirect_patch(patch);
	klpx_redirect_set_transition(patch, false);
	if (patch->desc->model == KLPX_MODEL_TASKS)
		klpx_hooks_unwatch_switches();
	forget_tasks();
	klpx_callbacks_post_unpatch(patch);
	pr_notice("'%s': unpatching complete\n", patch->name);
	forget();
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

	ret = prepare(patch, KLPX_PATCHED);
	if (ret)
		return ret;

	/* Set before the handler can see a version: everyone runs the old. */
	klpx_redirect_set_transition(patch, true);
	ret = klpx_callbacks_pre_patch(patch);
	if (!ret)
		ret = redirect_objects(patch);
	if (!ret && patch->desc->model == KLPX_MODEL_STOP_MACHINE)
		ret = klpx_stop_switch();
	if (ret) {
		pr_warn("failed to enable patch '%s'\n", patch->name);
		cancel(patch);
		return ret;
	}

	begin();
	return 0;
}

int klpx_disable(struct klpx_lpatch *patch)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	ret = prepare(patch, KLPX_UNPATCHED);
	if (ret)
		return ret;

	/* The set says PATCHED for everyone: nothing changes by this. */
	klpx_redirect_set_transition(patch, true);
	klpx_callbacks_pre_unpatch(patch);
	if (patch->desc->model == KLPX_MODEL_STOP_MACHINE) {
		ret = klpx_stop_switch();
		if (ret) {
			give_up_disable(patch);
			return ret;
		}
	}

	begin();
	return 0;
}

/*
 * The functions of one object come or go behind the shut gate, so that nobody
 * is measured against a list of forbidden addresses that is not right. In a
 * transition, .transition of the object's functions is set already: it is set
 * for all functions of a patch, loaded or not.
 */
int klpx_transition_add_object(struct klpx_lobject *obj)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	if (klpx_tr.patch)
		klpx_switch_shut();
	ret = klpx_redirect_object(obj);
	if (klpx_tr.patch)
		open_gate();
	return ret;
}

void klpx_transition_remove_object(struct klpx_lobject *obj)
{
	lockdep_assert_held(&klpx_mutex);

	if (klpx_tr.patch)
		klpx_switch_shut();
	klpx_unredirect_object(obj);
	if (klpx_tr.patch)
		open_gate();
}

int klpx_transition_reverse(void)
{
	struct klpx_lpatch *patch = klpx_tr.patch;
	int ret;

	lockdep_assert_held(&klpx_mutex);

	pr_debug("'%s': reversing transition from %s to %s\n", patch->name,
		 direction(patch->target), direction(!patch->target));

	/*
	 * Behind the shut gate nobody's side changes. Tasks that were forked
	 * on the target side have no entry: give them one, and wait for any
	 * handler that did not find it, before the default turns under it.
	 */
	klpx_switch_shut();
	ret = klpx_set_enroll_everyone(klpx_tr.set);
	klpx_sync_cpus();
	if (!ret)
		ret = klpx_set_turn(klpx_tr.set, !patch->target);
	if (ret) {
		klpx_switch_open(patch->target, &klpx_tr.forbidden);
		return ret;
	}

	patch->target = !patch->target;
	patch->tasks = atomic_long_read(&klpx_nr_pending);
	klpx_report_reverse(patch);
	start();
	return 0;
}

/*
 * Nobody is pending: every task already sees what it will see for good.
 *
 * The handler must not find .transition set and the set gone. To PATCHED, the
 * flag is cleared before the klpx_sync_cpus() of klpx_switch_shut(); to
 * UNPATCHED, the versions are unlinked before that of klpx_unredirect().
 */
void klpx_transition_complete(void)
{
	struct klpx_lpatch *patch = klpx_tr.patch;

	pr_debug("'%s': completing %s transition\n", patch->name,
		 direction(patch->target));

	if (patch->target == KLPX_PATCHED)
		klpx_redirect_set_transition(patch, false);
	klpx_switch_shut();
	if (patch->desc->model == KLPX_MODEL_TASKS)
		klpx_hooks_unwatch_switches();

	if (patch->target == KLPX_PATCHED) {
		klpx_replace_unpatch_old(patch, klpx_tr.replaced_forced);
		forget_tasks();
		klpx_callbacks_post_patch(patch);
	} else {
		klpx_unredirect_patch(patch);
		klpx_redirect_set_transition(patch, false);
		if (klpx_tr.removes_forced)
			WRITE_ONCE(patch->forced, true);
		forget_tasks();
		klpx_callbacks_post_unpatch(patch);
	}
	WRITE_ONCE(patch->ended_ns, ktime_get_ns());
	pr_notice("'%s': %s complete\n", patch->name,
		  direction(patch->target));
	klpx_report_complete(patch);
	forget();

	if (patch->target == KLPX_PATCHED)
		klpx_replace_retire_old(patch);
	else
		klpx_retire_patch(patch);
}
