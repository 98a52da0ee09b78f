// SPDX-License-Identifier: GPL-2.0
/*
 * Patches whose module goes; see evict.h.
 *
 * The notifier of the module loader only marks the patch and starts the work
 * below: all module loads of the machine share the rwsem that it runs under,
 * and would wait behind the next module that registers a notifier. The loader
 * itself waits later, in free_module(), with nothing held, for the kobject that
 * lifetime.c holds until the last task has left. After a failed module_init()
 * most patches need no task to leave: as long as they wait for it (waiting.c),
 * none has been switched.
 *
 * From the mark on `enabled` reads 0 and no write changes it. The patch is
 * disabled as by a write of 0; what can fail about that is tried again, less
 * and less often.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#include "evict.h"
#include "muted.h"
#include "promote.h"
#include "report.h"
#include "transition.h"
#include "transition_state.h"

#define KLPX_EVICT_MIN_MS	20
#define KLPX_EVICT_MAX_MS	10000
/*
 * How often the log says that the module still waits, and how many tasks it
 * names.
 */
#define KLPX_EVICT_TELL_MS	30000
#define KLPX_EVICT_NAMED_MAX	8

static void evict_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(evict_work, evict_fn);

/* Guarded by klpx_mutex. */
static unsigned int delay_ms = KLPX_EVICT_MIN_MS;
static u64 told_ns;

void klpx_evict(const struct klpx_lpatch *patch)
{
	pr_warn("module '%s' %s while its patch is enabled; its memory stays until no task is in the patch\n",
		patch->name, patch->lived ? "is being removed by force" :
					    "has failed to load");
	klpx_evict_wake();
}

void klpx_evict_wake(void)
{
	mod_delayed_work(system_unbound_wq, &evict_work, 0);
}

/* No patch is left, so none that is marked and no transition. */
void klpx_evict_exit(void)
{
	cancel_delayed_work_sync(&evict_work);
}

static void name_pending(const struct klpx_lpatch *patch)
{
	struct klpx_entry *entry;
	int named = 0;

	klpx_pending_collect(klpx_tr.set);
	list_for_each_entry(entry, &klpx_tr.set->pending, pending) {
		const struct klpx_lfunc *func = entry->func;

		cond_resched();
		if (READ_ONCE(entry->side) == patch->target)
			continue;
		pr_warn("'%s': waiting for " KLPX_TASK_FMT " in '%s'\n",
			patch->name, klpx_task_args(entry->task, entry->tid),
			func ? func->old_name : KLPX_PATCH_CODE);
		if (++named == KLPX_EVICT_NAMED_MAX)
			break;
	}
}

/* Those in the way of a patch that stops the machine are named by stop.c. */
static void warn_of_wait(struct klpx_lpatch *patch)
{
	pr_warn("'%s': its module still cannot be freed; %ld tasks to be switched\n",
		patch->name, atomic_long_read(&klpx_nr_pending));
	patch->named_in_way = false;
	if (patch == klpx_tr.patch)
		name_pending(patch);
}

/*
 * As klpx_demote_ahead(): ftrace lets go of the functions of a patch that stops
 * the machine one by one, and not under klpx_mutex.
 */
static void demote_ahead(void)
{
	struct klpx_lpatch *patch;
	bool any = false;

	klpx_lock();
	if (!klpx_tr.patch)
		list_for_each_entry(patch, &klpx_patches, node)
			if (READ_ONCE(patch->going) &&
			    patch->desc->model == KLPX_MODEL_STOP_MACHINE)
				any |= !klpx_demote_patch(patch);
	klpx_unlock();
	if (any)
		klpx_muted_flush(NULL);
}

/* One step. The patch may be off the list, or in its transition, afterwards. */
static void evict_patch(struct klpx_lpatch *patch)
{
	WRITE_ONCE(patch->enabled, false);
	if (patch == klpx_tr.patch) {
		if (patch->target == KLPX_PATCHED)
			klpx_transition_reverse();
	} else if (!klpx_tr.patch && klpx_disable(patch) == -EBUSY) {
		patch->named_in_way = true;
	}
}

static void evict_fn(struct work_struct *work)
{
	struct klpx_lpatch *patch, *next;
	bool telling, left = false;
	u64 now_ns = ktime_get_ns();

	demote_ahead();
	klpx_lock();
	telling = told_ns && now_ns - told_ns >
			     (u64)KLPX_EVICT_TELL_MS * NSEC_PER_MSEC;
	list_for_each_entry_safe(patch, next, &klpx_patches, node) {
		if (!READ_ONCE(patch->going))
			continue;
		if (telling)
			warn_of_wait(patch);
		evict_patch(patch);
	}
	list_for_each_entry(patch, &klpx_patches, node)
		left |= READ_ONCE(patch->going);

	if (!told_ns || telling)
		told_ns = now_ns;
	if (left) {
		queue_delayed_work(system_unbound_wq, &evict_work,
				   msecs_to_jiffies(delay_ms));
		delay_ms = min(2 * delay_ms, KLPX_EVICT_MAX_MS);
	} else {
		delay_ms = KLPX_EVICT_MIN_MS;
		told_ns = 0;
	}
	klpx_unlock();
}
