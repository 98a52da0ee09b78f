// SPDX-License-Identifier: GPL-2.0
/*
 * What a transition needs before the first and after the last task: the set of
 * all tasks, the list of what must not be on a stack. See transition.c.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>
#include <linux/string.h>

#include "adopted.h"
#include "all_tasks.h"
#include "prepare.h"
#include "promote.h"
#include "report.h"
#include "transition_state.h"
#include "unsafe.h"

/* Undo _prepare(), in two steps: no function is in transition any more. */
void klpx_transition_forget_tasks(void)
{
	if (klpx_tr.set)
		klpx_pending_retire(klpx_tr.set);
	klpx_tr.set = NULL;
}

/* From here on functions may go (back) on the fast path. */
void klpx_transition_forget(void)
{
	klpx_unsafe_free(&klpx_tr.unsafe);
	WRITE_ONCE(klpx_tr.waits, false);
	memset_after(&klpx_tr, 0, patch);
	/*
	 * Pairs with smp_load_acquire() in klpx_in_transition(): a reader that
	 * sees NULL sees what the transition has left behind.
	 */
	smp_store_release(&klpx_tr.patch, NULL);
	klpx_promote_wake();
}

/*
 * Give every task an entry on the side it is on, which is !@target for all.
 * From here to _forget_tasks() the hooks have a set to look at.
 *
 * The target is not set here: as long as the versions are not .transition, a
 * child that got no entry runs the newest one, whatever the default side says.
 * klpx_disable() sets it, or waiting.c, or, with the machine stopped, stop.c.
 */
int klpx_transition_prepare(struct klpx_lpatch *patch, enum klpx_side target)
{
	int ret;

	if (klpx_tr.patch)
		return -EBUSY;

	pr_debug("'%s': initializing %s transition\n", patch->name,
		 klpx_direction(target));

	/* A stub does not ask for the side of a task. */
	ret = klpx_demote_patch(patch);
	if (ret)
		return ret;
	ret = klpx_unsafe_reserve(&klpx_tr.unsafe, patch);
	if (ret)
		goto err_forget;
	ret = -ENOMEM;
	klpx_tr.set = klpx_pending_create(!target, klpx_count_tasks());
	if (!klpx_tr.set)
		goto err_forget;
	klpx_tr.set->stops = patch->desc->model == KLPX_MODEL_STOP_MACHINE;
	klpx_tr.set->adopted = klpx_is_adopted(patch);

	klpx_report_prepare(patch, target);
	klpx_pending_publish(klpx_tr.set);
	ret = klpx_add_all_tasks(klpx_tr.set);
	if (ret)
		goto err_forget;

	WRITE_ONCE(patch->target, target);
	WRITE_ONCE(patch->tasks, READ_ONCE(klpx_tr.set->nr_entries));
	WRITE_ONCE(patch->retries, 0);
	WRITE_ONCE(patch->started_ns, ktime_get_ns());
	WRITE_ONCE(patch->ended_ns, 0);
	/* Pairs with klpx_in_transition(): the numbers above are there. */
	smp_store_release(&klpx_tr.patch, patch);
	return 0;

err_forget:
	klpx_transition_forget_tasks();
	klpx_transition_forget();
	return ret;
}
