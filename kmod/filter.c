// SPDX-License-Identifier: GPL-2.0
/*
 * Which functions ftrace hands to the redirection handler: one ftrace_ops and
 * its filter, and solo.c for what a direct caller (a BPF trampoline) held
 * first. Knows addresses, no patches. Under klpx_mutex.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <asm/text-patching.h>

#include "filter.h"
#include "func_stack.h"
#include "lock.h"
#include "solo.h"
#include "symbols.h"
#include "sync.h"

/*
 * Not in the module's memory: where ftrace has shut itself down, it keeps the
 * ops on its list, and every unwinding of a stack walks that (through
 * is_ftrace_trampoline()), after klpx.ko has gone, too.
 */
static struct ftrace_ops *klpx_ops;

/* Functions in the filter, not counting the anchor. Under klpx_mutex. */
static size_t nr_traced;

/*
 * While something is redirected, kernel.ftrace_enabled must stay 1; otherwise
 * it is the admin's. Nothing else changes the flags of a registered ops.
 */
static void set_permanent(bool on)
{
	if (on)
		klpx_ops->flags |= FTRACE_OPS_FL_PERMANENT;
	else
		klpx_ops->flags &= ~FTRACE_OPS_FL_PERMANENT;
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

static bool is_called(unsigned long ip)
{
	return *(const u8 *)ip == CALL_INSN_OPCODE;
}

static int register_ops(unsigned long ip, ftrace_func_t handler)
{
	unsigned char name[] = KLPX_ANCHOR_NAME;
	int ret;

	klpx_ops->func = handler;
	klpx_ops->flags = FTRACE_OPS_FL_DYNAMIC;
	ret = ftrace_set_notrace(klpx_ops, name, strlen(name), 1);
	if (ret)
		return ret;
	/* ftrace_hash_move() refuses a notrace list once this flag is set. */
	klpx_ops->flags |= FTRACE_OPS_FL_IPMODIFY;

	ret = ftrace_set_filter_ip(klpx_ops, ip, 0, 1);
	return ret ?: register_ftrace_function(klpx_ops);
}

static void free_ops(void)
{
	if (klpx_ftrace_keeps(klpx_ops))
		return;
	klpx_sync_cpus();
	ftrace_free_filter(klpx_ops);
	kfree(klpx_ops);
}

int klpx_filter_init(ftrace_func_t handler)
{
	unsigned long ip;
	int ret;

	klpx_filter_anchor();
	ip = klpx_sym_ftrace_location((unsigned long)klpx_filter_anchor);
	if (!ip) {
		pr_err("ftrace does not know " KLPX_ANCHOR_NAME "()\n");
		return -EINVAL;
	}
	klpx_ops = kzalloc(sizeof(*klpx_ops), GFP_KERNEL);
	if (!klpx_ops)
		return -ENOMEM;

	ret = register_ops(ip, handler);
	if (ret) {
		pr_err("cannot register with ftrace (%d)\n", ret);
		free_ops();
		return ret;
	}
	/* What the comment above says of ftrace is so. */
	if (is_called(ip)) {
		pr_err("ftrace calls what is in the filter and in the notrace list\n");
		klpx_filter_exit();
		return -EINVAL;
	}
	return 0;
}

/*
 * Nothing is in the filter but the anchor, so nothing leads to our handler, or
 * klpx_filter_stuck() has kept klpx.ko here. An ops that ftrace does not let go
 * of stays on its list: it is left behind, with its filter, and as a stub.
 */
void klpx_filter_exit(void)
{
	int ret = unregister_ftrace_function(klpx_ops);

	if (!ret) {
		ftrace_free_filter(klpx_ops);
		kfree(klpx_ops);
		return;
	}
	klpx_ops->flags |= FTRACE_OPS_FL_STUB;
	pr_err("ftrace has shut itself down (%d): %zu bytes of klpx.ko are left with it until reboot\n",
	       ret, sizeof(*klpx_ops));
}

static void set_traced(const unsigned long *ips, size_t n, bool traced)
{
	while (n--)
		klpx_find_func_stack(ips[n])->traced = traced;
}

/*
 * One update of ftrace. The write to kernel.ftrace_enabled and its look at the
 * permanent flag are under ftrace_lock, which ftrace_set_filter_ips() takes:
 * if it came before, we see the 0 afterwards; if later, it sees the flag.
 */
static int set_filter(unsigned long *ips, size_t n, bool add)
{
	int ret;

	if (!n)
		return 0;
	if (add)
		set_permanent(true);
	ret = ftrace_set_filter_ips(klpx_ops, ips, n, !add, 0);
	if (!ret) {
		nr_traced += add ? n : -n;
		set_traced(ips, n, add);
	}
	if (!ret && add && !klpx_sym_ftrace_enabled()) {
		set_filter(ips, n, false);
		ret = -EBUSY;
	}
	if (!nr_traced)
		set_permanent(false);
	return ret;
}

/*
 * ftrace refuses an update as a whole. For the sake of the message, find the
 * one it refused: the last of the shortest array that it refuses too. Without
 * memory to take back what was added for a try, the first of those not tried.
 */
static size_t find_refused(unsigned long *ips, size_t n, int error)
{
	size_t low = 1, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int ret = set_filter(ips, mid, true);

		if (!ret && set_filter(ips, mid, false))
			return mid;
		if (ret == error)
			high = mid;
		else
			low = mid + 1;
	}
	return high - 1;
}

void klpx_filter_stuck(int error)
{
	static atomic_t stuck;

	if (atomic_xchg(&stuck, 1))
		return;
	pr_err("ftrace does not let go of functions any more (%d): klpx.ko stays until reboot\n",
	       error);
	__module_get(THIS_MODULE);
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

/*
 * @ips have been added to the filter. A direct caller that came to one of them
 * after we had asked, and before they were there, has not been told: that one
 * gets an ops of its own after all. A direct caller that comes later is told by
 * ftrace. No task runs a new version yet, so a moment without either does not
 * matter.
 */
static int isolate_late(unsigned long *ips, size_t n, size_t *refused)
{
	size_t late = partition(ips, n, klpx_sym_has_direct_caller);
	int ret;

	if (!late)
		return 0;
	*refused = 0;
	ret = set_filter(ips, late, false);
	if (ret)
		return ret;
	ret = klpx_solo_add(ips, late, klpx_ops->func, refused);
	if (ret)
		set_filter(ips + late, n - late, false);
	return ret;
}

int klpx_filter_add(unsigned long *ips, size_t n, size_t *refused)
{
	size_t direct = partition(ips, n, klpx_sym_has_direct_caller);
	int ret;

	ret = klpx_solo_add(ips, direct, klpx_ops->func, refused);
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
	klpx_solo_remove(ips, direct);
	return ret;
}

int klpx_filter_rejoin(unsigned long *ips, size_t n)
{
	return set_filter(ips, n, true);
}

int klpx_filter_remove(unsigned long *ips, size_t n)
{
	size_t alone = partition(ips, n, klpx_is_solo);
	int ret;

	/* First what can fail. */
	ret = set_filter(ips + alone, n - alone, false);
	return ret ?: klpx_solo_remove(ips, alone);
}
