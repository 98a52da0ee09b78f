// SPDX-License-Identifier: GPL-2.0
/*
 * One ftrace_ops, a hash from address to site, and the handler.
 *
 * Readers: klpx_redirect_handler(), in any context, NMI and idle entry
 * included, with preemption off. Writers hold klpx_mutex. A site or a version
 * that has been unlinked is freed after klpx_sync_cpus().
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/hash.h>
#include <linux/slab.h>

#include "pending.h"
#include "redirect.h"
#include "symbols.h"
#include "sync.h"

#define KLPX_SITE_HASH_BITS	12

struct klpx_site {
	struct hlist_node node;
	unsigned long ip;
	struct klpx_version *top;	/* NULL: nothing but the original */
	bool traced;			/* in the ops' filter */
};

static struct hlist_head klpx_sites[1 << KLPX_SITE_HASH_BITS];

static struct hlist_head *site_bucket(unsigned long ip)
{
	return &klpx_sites[hash_long(ip, KLPX_SITE_HASH_BITS)];
}

static __always_inline struct klpx_site *find_site(unsigned long ip)
{
	struct hlist_node *node;

	for (node = READ_ONCE(klpx_sites[hash_long(ip, KLPX_SITE_HASH_BITS)].first);
	     node; node = READ_ONCE(node->next)) {
		struct klpx_site *site =
			hlist_entry(node, struct klpx_site, node);

		if (site->ip == ip)
			return site;
	}
	return NULL;
}

/*
 * Choose the version for this call.
 *
 * It calls nothing that can be traced, so it needs no recursion protection,
 * and it must have none: inside another tracer's callback the shared recursion
 * bit is taken, and a call to a patched function there would run the original.
 *
 * Order of reads, against the order of writes in klpx_enable() and
 * klpx_disable() (transition.c):
 *  1. site->top, published by smp_store_release() in push_version();
 *     a version seen here is seen with .transition as it was set before.
 *  2. version->transition; klpx_redirect_set_transition(true) comes after the
 *     pending set has been published (smp_wmb() there), so
 *  3. klpx_task_side() reads a set that holds every task of the old side.
 * When a transition ends, .transition is cleared or the version unlinked
 * first, then klpx_sync_cpus() waits for all handlers, then the set goes.
 */
static void notrace klpx_redirect_handler(unsigned long ip,
					  unsigned long parent_ip,
					  struct ftrace_ops *ops,
					  struct ftrace_regs *fregs)
{
	struct klpx_version *version;
	struct klpx_site *site;

	preempt_disable_notrace();

	site = find_site(ip);
	if (unlikely(!site))
		goto out;

	version = smp_load_acquire(&site->top);
	if (version && unlikely(READ_ONCE(version->transition))) {
		smp_rmb(); /* 2 before 3; pairs with set_transition() */
		if (klpx_task_side(current) == KLPX_UNPATCHED)
			version = READ_ONCE(version->older);
	}
	/* No function: the original, on purpose (replace.c). */
	if (version && version->new_func)
		ftrace_regs_set_instruction_pointer(fregs,
				(unsigned long)version->new_func);
out:
	preempt_enable_notrace();
}

static struct ftrace_ops klpx_ops = {
	.func	= klpx_redirect_handler,
	.flags	= FTRACE_OPS_FL_DYNAMIC,
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
static noinline void klpx_redirect_anchor(void)
{
	barrier();
}

#define KLPX_ANCHOR_NAME "klpx_redirect_anchor"

int klpx_redirect_init(void)
{
	unsigned char name[] = KLPX_ANCHOR_NAME;
	unsigned long ip;
	int ret;

	klpx_redirect_anchor();
	ip = klpx_sym_ftrace_location((unsigned long)klpx_redirect_anchor);
	if (!ip) {
		pr_err("ftrace does not know " KLPX_ANCHOR_NAME "()\n");
		return -EINVAL;
	}

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

void klpx_redirect_exit(void)
{
	unregister_ftrace_function(&klpx_ops);
	ftrace_free_filter(&klpx_ops);
}

unsigned long klpx_redirect_return_address(const struct klpx_lfunc *func)
{
	return func->ip + MCOUNT_INSN_SIZE;
}

static struct klpx_site *get_site(unsigned long ip)
{
	struct klpx_site *site = find_site(ip);

	if (site)
		return site;

	site = kzalloc(sizeof(*site), GFP_KERNEL);
	if (!site)
		return NULL;
	site->ip = ip;
	/* The handler reads ->next; publish the initialised node. */
	hlist_add_head_rcu(&site->node, site_bucket(ip));
	return site;
}

static void push_version(struct klpx_lfunc *func)
{
	struct klpx_version *version = &func->version;

	version->older = func->site->top;
	/* Pairs with smp_load_acquire() in klpx_redirect_handler(). */
	smp_store_release(&func->site->top, version);
}

static void unlink_version(struct klpx_lfunc *func)
{
	struct klpx_version **link = &func->site->top;

	while (*link != &func->version)
		link = &(*link)->older;
	/* Handlers that hold the version may still read its ->older. */
	WRITE_ONCE(*link, func->version.older);
}

void klpx_batch_object(struct list_head *batch, struct klpx_lobject *obj)
{
	struct klpx_lfunc *func;

	klpx_for_each_func(obj, func)
		list_add_tail(&func->batch, batch);
}

#define for_each_in(batch, func) \
	list_for_each_entry(func, batch, batch)

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
 * Add to or remove from the filter the functions of @batch whose site is in
 * that state: added if new, removed if left empty.
 */
static int update_filter(struct list_head *batch, bool add)
{
	struct klpx_lfunc *func;
	unsigned long *ips;
	size_t n = 0;
	int ret = 0;

	ips = kvmalloc_array(list_count_nodes(batch), sizeof(*ips), GFP_KERNEL);
	if (!ips)
		return -ENOMEM;

	for_each_in(batch, func) {
		if (!func->site)
			continue;
		if (func->site->traced == add || (!add && func->site->top))
			continue;
		/* At once: another function of the batch may share the site. */
		func->site->traced = add;
		ips[n++] = func->ip;
	}
	if (n)
		ret = set_filter(ips, n, add);
	if (ret)
		while (n--)
			find_site(ips[n])->traced = !add;
	kvfree(ips);
	return ret;
}

/* Frees the sites of @batch that hold no version and are not traced. */
static void put_sites(struct list_head *batch)
{
	struct klpx_lfunc *func;
	bool unlinked = false;

	for_each_in(batch, func) {
		if (!func->site)
			continue;
		/* Two functions of a batch can share a site. */
		if (func->site->top || func->site->traced ||
		    hlist_unhashed(&func->site->node)) {
			func->site = NULL;
			continue;
		}
		hlist_del_init_rcu(&func->site->node);
		unlinked = true;
	}

	if (unlinked)
		klpx_sync_cpus();

	for_each_in(batch, func) {
		kfree(func->site);
		func->site = NULL;
	}
}

static void unlink_versions(struct list_head *batch)
{
	struct klpx_lfunc *func;

	for_each_in(batch, func)
		if (func->site)
			unlink_version(func);
}

/* Would the first @n functions of @batch that are not traced yet be refused? */
static bool refuses(struct list_head *batch, unsigned long *ips, size_t n,
		    int error, struct klpx_lfunc **last)
{
	struct klpx_lfunc *func;
	size_t i = 0;
	int ret;

	for_each_in(batch, func) {
		if (func->site->traced)
			continue;
		ips[i++] = func->ip;
		*last = func;
		if (i == n)
			break;
	}
	ret = set_filter(ips, i, true);
	if (!ret)
		set_filter(ips, i, false);
	return ret == error;
}

/*
 * ftrace refuses a batch as a whole. For the sake of the message, find the
 * function it refused: the smallest number of functions that it refuses too.
 */
static struct klpx_lfunc *find_culprit(struct list_head *batch, int error)
{
	struct klpx_lfunc *culprit, *last;
	size_t low = 1, high = list_count_nodes(batch);
	unsigned long *ips;

	culprit = list_first_entry(batch, struct klpx_lfunc, batch);
	ips = kvmalloc_array(high, sizeof(*ips), GFP_KERNEL);
	if (!ips)
		return culprit;

	while (low <= high) {
		size_t mid = low + (high - low) / 2;

		if (refuses(batch, ips, mid, error, &last)) {
			culprit = last;
			high = mid - 1;
		} else {
			low = mid + 1;
		}
	}
	kvfree(ips);
	return culprit;
}

int klpx_redirect_add(struct list_head *batch,
		      const struct klpx_lfunc **refused)
{
	struct klpx_lfunc *func;
	int ret = -ENOMEM;

	lockdep_assert_held(&klpx_mutex);
	if (list_empty(batch))
		return 0;

	for_each_in(batch, func) {
		*refused = func;
		func->site = get_site(func->ip);
		if (!func->site)
			goto err_unlink;
		push_version(func);
	}

	ret = update_filter(batch, true);
	if (ret) {
		*refused = find_culprit(batch, ret);
		pr_err("failed to register ftrace handler for function '%s' (%d)\n",
		       (*refused)->old_name, ret);
		goto err_unlink;
	}
	return 0;

err_unlink:
	unlink_versions(batch);
	klpx_sync_cpus();
	put_sites(batch);
	return ret;
}

void klpx_redirect_remove(struct list_head *batch)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);
	if (list_empty(batch))
		return;

	unlink_versions(batch);
	klpx_sync_cpus();

	ret = update_filter(batch, false);
	/* Harmless: the site stays, empty, and serves the next patch. */
	if (ret)
		pr_warn("%zu functions stay in ftrace's filter (%d)\n",
			list_count_nodes(batch), ret);
	put_sites(batch);
}

void klpx_redirect_set_transition(struct klpx_lpatch *patch, bool on)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;

	/* Before it is set, the pending set is published; see the handler. */
	smp_wmb();
	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func)
			WRITE_ONCE(func->version.transition, on);
}
