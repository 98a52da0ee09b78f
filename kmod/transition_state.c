// SPDX-License-Identifier: GPL-2.0
/* The running transition; see transition_state.h. */
#include <linux/ktime.h>
#include <linux/math64.h>

#include "transition_state.h"

struct klpx_transition klpx_tr;

struct klpx_lpatch *klpx_transition_patch(void)
{
	lockdep_assert_held(&klpx_mutex);
	return klpx_tr.patch;
}

bool klpx_in_transition(const struct klpx_lpatch *patch)
{
	/*
	 * Pairs with smp_store_release() in klpx_transition_forget() and
	 * _prepare(): what they wrote before is seen.
	 */
	return smp_load_acquire(&klpx_tr.patch) == patch;
}

bool klpx_waits_for_init(const struct klpx_lpatch *patch)
{
	return klpx_in_transition(patch) && READ_ONCE(klpx_tr.waits);
}

bool klpx_signal_due(void)
{
	u64 now_ms = div_u64(ktime_get_ns() - klpx_tr.reversed_ns,
			     NSEC_PER_MSEC);

	return klpx_schedule_signal(&klpx_tr.schedule, now_ms);
}
