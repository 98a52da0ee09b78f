// SPDX-License-Identifier: GPL-2.0
/*
 * The worker of a transition: checks the tasks that are still pending, does
 * what is due, and ends the transition when none is left.
 *
 * It is woken by events: the start, the last pending task being switched, the
 * death of one, a request. A timer is the backstop, and the pulse for
 * observers: what blocks is reported again on every pass.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/sched.h>

#include "counters.h"
#include "exiting.h"
#include "muted.h"
#include "policy_worker.h"
#include "report.h"
#include "requests.h"
#include "switch.h"
#include "transition.h"
#include "transition_state.h"
#include "waiting.h"
#include "wake.h"
#include "worker.h"

/* Tasks checked between two offers to give up the CPU. */
#define KLPX_PASS_BATCH		64

/* True if some task is left that only another check can find ready. */
static bool walk_pending(void)
{
	struct klpx_entry *entry, *next;
	unsigned int looked = 0;
	bool polled = false;

	klpx_pending_collect(klpx_tr.set);
	list_for_each_entry_safe(entry, next, &klpx_tr.set->pending, pending) {
		cpus_read_lock();
		if (klpx_switch_try(klpx_tr.set, entry))
			list_del_init(&entry->pending);
		else if (entry->reason == KLPX_UNRELIABLE_STACK ||
			 READ_ONCE(entry->task->__state) == TASK_DEAD)
			polled = true;
		cpus_read_unlock();
		if (!(++looked % KLPX_PASS_BATCH))
			cond_resched();
	}
	return polled;
}

/*
 * In the order of urgency for observers: what blocks, then what was done about
 * it. A task that switched itself meanwhile is left out.
 */
static void report_blocked(void)
{
	struct klpx_entry *entry;

	list_for_each_entry(entry, &klpx_tr.set->pending, pending) {
		if (READ_ONCE(entry->side) == klpx_tr.patch->target)
			continue;
		klpx_report_blocked(entry);
		cond_resched();
	}
}

static void signal_if_due(void)
{
	if (klpx_policy_worker_decides() || !klpx_signal_due())
		return;
	if (!klpx_tr.signaled)
		pr_notice("signaling remaining tasks\n");
	klpx_tr.signaled = true;
	klpx_transition_signal();
}

void klpx_worker(struct work_struct *work)
{
	unsigned int delay_ms;
	bool polled;

	klpx_lock();
	if (!klpx_tr.patch)
		goto out;
	if (klpx_tr.waits) {
		delay_ms = klpx_waiting_pass();
		goto again;
	}

	klpx_count(KLPX_STAT_PASSES);
	if (!klpx_wake_was_asked()) {
		klpx_count(KLPX_STAT_TIMER_RETRIES);
		WRITE_ONCE(klpx_tr.patch->retries, klpx_tr.patch->retries + 1);
	}

	polled = walk_pending();
	if (!atomic_long_read(&klpx_nr_pending)) {
		/* A task that is not in the set may be in what goes. */
		polled = !klpx_exiting_are_gone(klpx_tr.set->missed_exits);
		/*
		 * While ftrace still has direct calls of it: muted.c wakes us.
		 */
		if (!polled && !klpx_muted_in(klpx_tr.patch)) {
			klpx_transition_complete();
			goto out;
		}
	}

	report_blocked();
	signal_if_due();
	klpx_pending_prune(klpx_tr.set);
	delay_ms = klpx_schedule_retry(&klpx_tr.schedule, polled);
again:
	klpx_wake_worker_later(delay_ms);
out:
	klpx_unlock();
}
