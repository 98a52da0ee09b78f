// SPDX-License-Identifier: GPL-2.0
/* Announcing what happens to a transition; see announce.h. */
#include "announce.h"
#include "counters.h"
#include "policy_worker.h"
#include "recent.h"
#include "report.h"
#include "stats.h"
#include "trace.h"

void klpx_announce_start(const struct klpx_lpatch *patch)
{
	klpx_count(KLPX_STAT_TRANSITIONS);
	klpx_recent_start(patch);
	klpx_stats_recent_changed();
	klpx_policy_worker_note(patch, KLPX_PHASE_STARTED);
	trace_klpx_transition_start(patch->name, patch->target, patch->tasks);
}

void klpx_announce_complete(const struct klpx_lpatch *patch)
{
	klpx_recent_complete(patch);
	klpx_stats_recent_changed();
	klpx_policy_worker_note(patch, KLPX_PHASE_COMPLETED);
	trace_klpx_transition_complete(patch->name, patch->target,
				       patch->ended_ns - patch->started_ns);
}

void klpx_announce_reverse(const struct klpx_lpatch *patch)
{
	klpx_count(KLPX_STAT_REVERSALS);
	klpx_recent_reverse(patch);
	klpx_stats_recent_changed();
	klpx_report_set_target(patch->target);
	klpx_policy_worker_note(patch, KLPX_PHASE_REVERSED);
	trace_klpx_transition_reverse(patch->name, patch->target);
}

void klpx_announce_force(const struct klpx_lpatch *patch, unsigned long tasks)
{
	klpx_recent_force(tasks);
	klpx_stats_recent_changed();
	klpx_policy_worker_note(patch, KLPX_PHASE_FORCED);
	trace_klpx_transition_force(patch->name, patch->target, tasks);
}
