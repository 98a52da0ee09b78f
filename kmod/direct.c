// SPDX-License-Identifier: GPL-2.0
/*
 * Direct calls, by ftrace; see direct.h.
 *
 * ftrace gives all functions of an ops one address to call, so each function
 * has its own ops. What goes with that:
 *
 * - It is permanent, because kernel.ftrace_enabled must stay 1.
 * - Unregistering an ops that is marked dynamic, as ftrace marks all that live
 *   in module memory, waits for RCU-tasks under ftrace_lock, for two reasons.
 *   One is an ops with a trampoline of its own; this one has none (the stub
 *   belongs to stubs.c, which waits on its own). The other is that ftrace may
 *   be calling it while another ops is on the function: marked as a stub, it
 *   is called no more, and klpx_sync_cpus() waits for those that had not seen
 *   the mark. Then the dynamic mark is taken off (klpx_ftrace_hurry()).
 * - ftrace_free_filter() leaves its pointers behind (6.12), so an ops is used
 *   once.
 */
#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/slab.h>

#include "compat.h"
#include "direct.h"
#include "filter.h"
#include "lock.h"
#include "stubs.h"
#include "symbols.h"
#include "sync.h"

/*
 * Asked when a direct call meets an ops that changes the ip. SELF: ours comes
 * to a function that has one; only klpx's own handler can be on it, and it
 * agrees with the stub. PEER: another one comes to a function of ours.
 */
static int share_ipmodify(KLPX_OPS_FUNC_ARGS)
{
	return cmd == FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_PEER ? -EBUSY : 0;
}

/* The stub returns into it, which needs no ENDBR: past that, if it has one. */
static unsigned long entry_of(void *new_func)
{
	return klpx_sym_ftrace_location((unsigned long)new_func) ?:
	       (unsigned long)new_func;
}

struct klpx_direct *klpx_direct_attach(unsigned long ip, void *new_func)
{
	struct klpx_direct *direct = kzalloc(sizeof(*direct), GFP_KERNEL);
	int ret;

	lockdep_assert_held(&klpx_mutex);
	if (!direct)
		return ERR_PTR(-ENOMEM);

	direct->ip = ip;
	ret = -ENOSPC;
	direct->stub = klpx_stub_get(entry_of(new_func));
	if (!direct->stub)
		goto err_free;
	direct->ops.ops_func = share_ipmodify;
	ret = ftrace_set_filter_ip(&direct->ops, ip, 0, 1);
	if (!ret)
		ret = register_ftrace_direct(&direct->ops, direct->stub);
	if (ret)
		goto err_filter;
	direct->ops.flags |= FTRACE_OPS_FL_PERMANENT;
	return direct;

err_filter:
	if (klpx_ftrace_keeps(&direct->ops)) {
		klpx_filter_stuck(ret);
		return ERR_PTR(ret);
	}
	klpx_sync_cpus();
	ftrace_free_filter(&direct->ops);
	klpx_stub_put(direct->stub);
err_free:
	kfree(direct);
	return ERR_PTR(ret);
}

void klpx_direct_mute(struct klpx_direct *direct)
{
	direct->ops.flags |= FTRACE_OPS_FL_STUB;
}

void klpx_direct_detach(struct klpx_direct *direct)
{
	int ret;

	klpx_ftrace_hurry(&direct->ops);
	ret = unregister_ftrace_direct(&direct->ops, direct->stub, false);
	if (ret) {
		direct->stuck = true;
		klpx_filter_stuck(ret);
	}
}

void klpx_direct_free(struct klpx_direct *direct)
{
	if (direct->stuck)
		return;
	ftrace_free_filter(&direct->ops);
	klpx_stub_put(direct->stub);
	kfree(direct);
}
