// SPDX-License-Identifier: GPL-2.0
/*
 * A transition that waits for module_init() to return; see waiting.h.
 *
 * Were tasks switched earlier, as the kernel's livepatch does, a module whose
 * init fails afterwards would have to be kept until the last of them has left
 * it, and the loader's own task may be one of them. So nothing but what can
 * fail is done in klpx_enable_patch(): callbacks, the functions are redirected,
 * each task has an entry. The target is not set yet: by the default side too
 * every task is on the old one, so that even a fork without memory is. When the
 * loader tells that the module is live (module_notifier.c), before insmod
 * returns, the target is set and switching opened. If it tells that the module
 * goes, no task has been in the new code: what was done is undone, waiting for
 * none.
 *
 * Forks have entries meanwhile, whatever their parents; those of dead tasks are
 * dropped by the worker, and the log says what is waited for if that lasts.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>
#include <linux/module.h>

#include "evict.h"
#include "lifetime.h"
#include "transition.h"
#include "transition_state.h"
#include "waiting.h"
#include "wake.h"

void klpx_waiting_start(void)
{
	lockdep_assert_held(&klpx_mutex);

	WRITE_ONCE(klpx_tr.waits, true);
	klpx_tr.reversed_ns = ktime_get_ns();
	klpx_schedule_reset(&klpx_tr.schedule);
	/* Most module_init() return long before; then it is woken for tasks. */
	klpx_wake_worker_later(KLPX_RETRY_MAX_MS);
}

/*
 * Every task has an entry, unless a fork got none because there was no memory;
 * then, and if an earlier try found that out, all tasks are added again.
 */
static int set_patched_as_target(void)
{
	int ret = -ENOMEM;

	if (READ_ONCE(klpx_tr.set->adding_all))
		ret = klpx_pending_set_target(klpx_tr.set, KLPX_PATCHED);
	return ret ? klpx_transition_set_target(KLPX_PATCHED) : 0;
}

void klpx_waiting_end(const struct module *mod)
{
	struct klpx_lpatch *patch = klpx_tr.patch;

	lockdep_assert_held(&klpx_mutex);

	if (!patch || !klpx_tr.waits || patch->desc->mod != mod ||
	    READ_ONCE(patch->going))
		return;
	/* No memory: the worker tries again. */
	if (set_patched_as_target())
		return;
	WRITE_ONCE(klpx_tr.waits, false);
	WRITE_ONCE(patch->tasks, atomic_long_read(&klpx_nr_pending));
	WRITE_ONCE(patch->started_ns, ktime_get_ns());
	klpx_transition_begin();
}

void klpx_waiting_give_up(void)
{
	struct klpx_lpatch *patch = klpx_tr.patch;

	lockdep_assert_held(&klpx_mutex);

	klpx_transition_cancel();
	/* First: with the last patch retired, klpx.ko can be unloaded. */
	klpx_evict_wake();
	klpx_retire_patch(patch);
}

unsigned int klpx_waiting_pass(void)
{
	const struct module *mod = klpx_tr.patch->desc->mod;

	lockdep_assert_held(&klpx_mutex);

	if (READ_ONCE(mod->state) == MODULE_STATE_LIVE)
		klpx_waiting_end(mod);
	if (!klpx_tr.waits)
		return 0;
	klpx_pending_prune(klpx_tr.set);
	if (klpx_signal_due() && READ_ONCE(mod->state) == MODULE_STATE_COMING)
		pr_notice("'%s': waiting for the module_init() of its module to return; until then no patch can be enabled or disabled\n",
			  klpx_tr.patch->name);
	return KLPX_RETRY_MAX_MS;
}
