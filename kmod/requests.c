// SPDX-License-Identifier: GPL-2.0
/*
 * What an operator can ask for: that a patch is enabled or disabled, and of the
 * running transition signals and force.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched.h>

#include "announce.h"
#include "report.h"
#include "requests.h"
#include "states.h"
#include "switch.h"
#include "transition.h"
#include "transition_state.h"
#include "wake.h"

void klpx_transition_signal(void)
{
	struct klpx_entry *entry;

	lockdep_assert_held(&klpx_mutex);

	klpx_pending_collect(klpx_tr.set);
	list_for_each_entry(entry, &klpx_tr.set->pending, pending) {
		if (READ_ONCE(entry->side) != klpx_tr.patch->target)
			klpx_switch_signal(entry);
		cond_resched();
	}
}

static struct klpx_entry *find_pending(pid_t tid)
{
	struct klpx_entry *entry;

	klpx_pending_collect(klpx_tr.set);
	list_for_each_entry(entry, &klpx_tr.set->pending, pending) {
		cond_resched();
		if (!klpx_entry_idle(entry) &&
		    task_pid_nr(entry->task) == tid &&
		    READ_ONCE(entry->side) != klpx_tr.patch->target)
			return entry;
	}
	return NULL;
}

int klpx_transition_signal_task(pid_t tid)
{
	struct klpx_entry *entry;

	lockdep_assert_held(&klpx_mutex);

	entry = find_pending(tid);
	if (!entry)
		return -ESRCH;
	klpx_switch_signal(entry);
	return 0;
}

/*
 * A task that may be in a function that goes pins the function's module: the
 * patch's own, or those of the patches it replaces.
 */
static void note_force(unsigned long tasks)
{
	if (klpx_tr.patch->target == KLPX_UNPATCHED)
		klpx_tr.removes_forced = true;
	else if (klpx_tr.patch->desc->replace)
		klpx_tr.replaced_forced = true;
	klpx_announce_force(klpx_tr.patch, tasks);
}

/*
 * A forced task may run code of a patch that goes, so the references that pin
 * that patch's module are never given back (lifetime.c). If the module is on
 * its way out by then, the loader waits for them until the machine stops.
 */
static void warn_of_loader(const struct klpx_lpatch *patch)
{
	if (READ_ONCE(patch->going))
		pr_warn("'%s': tasks are forced out of it: what removes its module waits until reboot\n",
			patch->name);
}

/* Tasks may be forced into a patch only when it is sure to stay: waiting.c. */
static int check_force(void)
{
	struct klpx_lpatch *patch = klpx_tr.patch, *old;

	if (klpx_tr.waits) {
		pr_err("'%s': its module is still being loaded, so no task can be forced into it\n",
		       patch->name);
		return -EBUSY;
	}
	if (patch->target == KLPX_UNPATCHED)
		warn_of_loader(patch);
	else
		klpx_for_each_replaced(patch, old)
			warn_of_loader(old);
	return 0;
}

int klpx_transition_force(void)
{
	struct klpx_entry *entry;
	unsigned long flags;
	int ret;

	lockdep_assert_held(&klpx_mutex);

	ret = check_force();
	if (ret)
		return ret;
	pr_warn("forcing remaining tasks to the patched state\n");
	note_force(atomic_long_read(&klpx_nr_pending));

	/* A fork that looks now must not bring a new pending task in. */
	raw_spin_lock_irqsave(&klpx_tr.set->lock, flags);
	klpx_tr.set->forced = true;
	raw_spin_unlock_irqrestore(&klpx_tr.set->lock, flags);

	klpx_pending_collect(klpx_tr.set);
	list_for_each_entry(entry, &klpx_tr.set->pending, pending) {
		klpx_switch_force(klpx_tr.set, entry);
		cond_resched();
	}
	klpx_wake_worker();
	return 0;
}

int klpx_transition_force_task(pid_t tid)
{
	struct klpx_entry *entry;
	int ret;

	lockdep_assert_held(&klpx_mutex);

	entry = find_pending(tid);
	if (!entry)
		return -ESRCH;
	ret = check_force();
	if (ret)
		return ret;
	pr_warn("forcing " KLPX_TASK_FMT " to the %s state\n",
		klpx_task_args(entry->task, tid),
		klpx_tr.patch->target == KLPX_PATCHED ? "patched" : "unpatched");
	note_force(1);
	klpx_switch_force(klpx_tr.set, entry);
	klpx_wake_worker();
	return 0;
}

int klpx_set_enabled(struct klpx_lpatch *patch, bool enabled)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	/* evict.c takes it back, and does nothing else with it any more. */
	if (READ_ONCE(patch->going))
		return -EBUSY;
	if (patch->enabled == enabled)
		return -EINVAL;

	if (patch == klpx_transition_patch()) {
		ret = klpx_transition_reverse();
	} else if (enabled) {
		return -EINVAL;
	} else if (klpx_transition_patch()) {
		return -EBUSY;
	} else if (klpx_states_block_disable(patch)) {
		pr_err("The livepatch '%s' does not support disable\n",
		       patch->name);
		return -EINVAL;
	} else {
		ret = klpx_disable(patch);
	}
	if (!ret)
		WRITE_ONCE(patch->enabled, enabled);
	return ret;
}
