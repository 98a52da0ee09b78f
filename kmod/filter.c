// SPDX-License-Identifier: GPL-2.0
/*
 * Which functions ftrace hands to the redirection handler: one ftrace_ops and
 * its filter, and one more for each function that a direct caller (a BPF
 * trampoline) held first. Knows addresses, no patches. Under klpx_mutex.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "filter.h"
#include "registry.h"
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

/*
 * A trampoline that calls the original itself (BPF fexit) must be told to go
 * where we redirect. ftrace tells it when a whole ops is registered, not when
 * a function is added to the filter of one: so such a function gets its own.
 */
struct solo {
	struct list_head node;
	unsigned long ip;
	struct ftrace_ops ops;
};

static LIST_HEAD(solos);

static struct solo *find_solo(unsigned long ip)
{
	struct solo *solo;

	list_for_each_entry(solo, &solos, node)
		if (solo->ip == ip)
			return solo;
	return NULL;
}

static int solo_add(unsigned long ip)
{
	struct solo *solo = kzalloc(sizeof(*solo), GFP_KERNEL);
	int ret;

	if (!solo)
		return -ENOMEM;
	solo->ip = ip;
	solo->ops.func = klpx_ops.func;
	solo->ops.flags = FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_IPMODIFY |
			  FTRACE_OPS_FL_PERMANENT;
	ret = ftrace_set_filter_ip(&solo->ops, ip, 0, 1);
	if (!ret)
		ret = register_ftrace_function(&solo->ops);
	if (ret) {
		ftrace_free_filter(&solo->ops);
		kfree(solo);
		return ret;
	}
	list_add(&solo->node, &solos);
	return 0;
}

void klpx_filter_stuck(int error)
{
	static bool stuck;

	lockdep_assert_held(&klpx_mutex);
	if (stuck)
		return;
	stuck = true;
	pr_err("ftrace does not let go of functions any more (%d): klpx.ko stays until reboot\n",
	       error);
	__module_get(THIS_MODULE);
}

/* Waits for an RCU-tasks grace period, as every unregistering does. */
static void solo_remove(struct solo *solo)
{
	int ret;

	list_del(&solo->node);
	ret = unregister_ftrace_function(&solo->ops);
	if (ret) {
		/* It is still called: not freed. */
		klpx_filter_stuck(ret);
		return;
	}
	ftrace_free_filter(&solo->ops);
	kfree(solo);
}

static bool is_direct(unsigned long ip)
{
	return klpx_sym_has_direct_caller(ip);
}

static bool is_solo(unsigned long ip)
{
	return find_solo(ip);
}

/* Moves those for which @test holds to the front; returns how many. */
static size_t partition(unsigned long *ips, size_t n, bool (*test)(unsigned long))
{
	size_t i, front = 0;

	for (i = 0; i < n; i++) {
		if (!test(ips[i]))
			continue;
		swap(ips[i], ips[front]);
		front++;
	}
	return front;
}

static int add_solos(unsigned long *ips, size_t n, size_t *refused)
{
	size_t i;
	int ret;

	for (i = 0; i < n; i++) {
		ret = solo_add(ips[i]);
		if (!ret)
			continue;
		*refused = i;
		while (i--)
			solo_remove(find_solo(ips[i]));
		return ret;
	}
	return 0;
}

static void unset_filter(unsigned long *ips, size_t n)
{
	while (n && set_filter(ips, n, false) == -ENOMEM)
		msleep(KLPX_NOMEM_RETRY_MS);
}

/*
 * @ips have been added to the filter. A direct caller that came to one of them
 * after we had asked, and before they were there, has not been told: that one
 * gets an ops of its own after all. Whoever comes later is told by ftrace.
 * Nobody runs a new version yet, so a moment without either does not matter.
 */
static int isolate_late(unsigned long *ips, size_t n, size_t *refused)
{
	size_t late = partition(ips, n, is_direct);
	int ret;

	if (!late)
		return 0;
	unset_filter(ips, late);
	ret = add_solos(ips, late, refused);
	if (ret)
		unset_filter(ips + late, n - late);
	return ret;
}

int klpx_filter_add(unsigned long *ips, size_t n, size_t *refused)
{
	size_t direct = partition(ips, n, is_direct);
	int ret;

	ret = add_solos(ips, direct, refused);
	if (ret || direct == n)
		return ret;

	ret = set_filter(ips + direct, n - direct, true);
	if (ret) {
		*refused = direct + find_refused(ips + direct, n - direct, ret);
	} else {
		ret = isolate_late(ips + direct, n - direct, refused);
		if (!ret)
			return 0;
		*refused += direct;
	}
	while (direct--)
		solo_remove(find_solo(ips[direct]));
	return ret;
}

int klpx_filter_rejoin(unsigned long *ips, size_t n)
{
	return set_filter(ips, n, true);
}

int klpx_filter_remove(unsigned long *ips, size_t n)
{
	size_t i, alone = partition(ips, n, is_solo);
	int ret = 0;

	/* First what can fail. */
	if (alone < n)
		ret = set_filter(ips + alone, n - alone, false);
	for (i = 0; !ret && i < alone; i++)
		solo_remove(find_solo(ips[i]));
	return ret;
}
