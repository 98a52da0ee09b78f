// SPDX-License-Identifier: GPL-2.0
/*
 * Which functions ftrace hands to the redirection handler: one ftrace_ops and
 * its filter. Knows addresses, no patches. Everything under klpx_mutex.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/string.h>

#include "filter.h"
#include "symbols.h"

static struct ftrace_ops klpx_ops = {
	.flags = FTRACE_OPS_FL_DYNAMIC,
};

/* Functions in the filter, not counting the anchor. Under klpx_mutex. */
static size_t nr_traced;

/*
 * While something is redirected, kernel.ftrace_enabled must stay 1; otherwise
 * it is the admin's. Nobody else changes the flags of a registered ops.
 */
static void set_permanent(bool on)
{
	if (on)
		klpx_ops.flags |= FTRACE_OPS_FL_PERMANENT;
	else
		klpx_ops.flags &= ~FTRACE_OPS_FL_PERMANENT;
}

/*
 * An ops whose filter is empty traces every function, and unregistering one
 * waits for an RCU-tasks grace period under ftrace_lock, for ever if a kernel
 * thread only ever calls cond_resched(). So the ops stays registered as long
 * as klpx.ko is loaded, with one function in its filter and in its notrace
 * list: ftrace enables what is in the first and not in the second, nothing.
 */
static noinline void klpx_filter_anchor(void)
{
	barrier();
}

#define KLPX_ANCHOR_NAME "klpx_filter_anchor"

int klpx_filter_init(ftrace_func_t handler)
{
	unsigned char name[] = KLPX_ANCHOR_NAME;
	unsigned long ip;
	int ret;

	klpx_filter_anchor();
	ip = klpx_sym_ftrace_location((unsigned long)klpx_filter_anchor);
	if (!ip) {
		pr_err("ftrace does not know " KLPX_ANCHOR_NAME "()\n");
		return -EINVAL;
	}

	klpx_ops.func = handler;
	ret = ftrace_set_notrace(&klpx_ops, name, strlen(name), 1);
	if (ret)
		goto err_report;
	/* ftrace_hash_move() refuses a notrace list once this flag is set. */
	klpx_ops.flags |= FTRACE_OPS_FL_IPMODIFY;

	ret = ftrace_set_filter_ip(&klpx_ops, ip, 0, 1);
	if (ret)
		goto err_report;
	ret = register_ftrace_function(&klpx_ops);
	if (ret)
		goto err_report;
	return 0;

err_report:
	pr_err("cannot register with ftrace (%d)\n", ret);
	ftrace_free_filter(&klpx_ops);
	return ret;
}

void klpx_filter_exit(void)
{
	unregister_ftrace_function(&klpx_ops);
	ftrace_free_filter(&klpx_ops);
}

/*
 * One update of ftrace. The write to kernel.ftrace_enabled and its look at the
 * permanent flag are under ftrace_lock, which ftrace_set_filter_ips() takes:
 * if it came before, we see the 0 afterwards; if later, it sees the flag.
 */
static int set_filter(unsigned long *ips, size_t n, bool add)
{
	int ret;

	if (add)
		set_permanent(true);
	ret = ftrace_set_filter_ips(&klpx_ops, ips, n, !add, 0);
	if (!ret && add && !klpx_sym_ftrace_enabled()) {
		ftrace_set_filter_ips(&klpx_ops, ips, n, 1, 0);
		ret = -EBUSY;
	}
	if (!ret)
		nr_traced += add ? n : -n;
	if (!nr_traced)
		set_permanent(false);
	return ret;
}

/*
 * ftrace refuses an update as a whole. For the sake of the message, find the
 * one it refused: the last of the shortest array that it refuses too.
 */
static size_t find_refused(unsigned long *ips, size_t n, int error)
{
	size_t low = 1, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int ret = set_filter(ips, mid, true);

		if (!ret)
			set_filter(ips, mid, false);
		if (ret == error)
			high = mid;
		else
			low = mid + 1;
	}
	return high - 1;
}

int klpx_filter_add(unsigned long *ips, size_t n, size_t *refused)
{
	int ret;

	if (!n)
		return 0;
	ret = set_filter(ips, n, true);
	if (ret)
		*refused = find_refused(ips, n, ret);
	return ret;
}

int klpx_filter_remove(unsigned long *ips, size_t n)
{
	return n ? set_filter(ips, n, false) : 0;
}
