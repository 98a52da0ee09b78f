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
	if (version)
		ftrace_regs_set_instruction_pointer(fregs,
				(unsigned long)version->new_func);
out:
	preempt_enable_notrace();
}

static struct ftrace_ops klpx_ops = {
	.func	= klpx_redirect_handler,
	.flags	= FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_PERMANENT,
};

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

/*
 * Add to or remove from the filter, in one update of ftrace, the functions of
 * @patch whose site is in that state: added if new, removed if left empty.
 */
static int update_filter(struct klpx_lpatch *patch, bool add)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	unsigned long *ips;
	size_t n = 0;
	int ret = 0;

	ips = kvmalloc_array(patch->nr_funcs, sizeof(*ips), GFP_KERNEL);
	if (!ips)
		return -ENOMEM;

	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func) {
			if (!func->site)
				continue;
			if (add ? !func->site->traced :
				  func->site->traced && !func->site->top)
				ips[n++] = func->ip;
		}
	if (n)
		ret = ftrace_set_filter_ips(&klpx_ops, ips, n, !add, 0);
	if (!ret)
		while (n--)
			find_site(ips[n])->traced = add;
	kvfree(ips);
	return ret;
}

/* Frees the sites of @patch that hold no version and are not traced. */
static void put_sites(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	bool unlinked = false;

	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func) {
			if (!func->site)
				continue;
			if (func->site->top || func->site->traced) {
				func->site = NULL;
				continue;
			}
			hlist_del_rcu(&func->site->node);
			unlinked = true;
		}

	if (unlinked)
		klpx_sync_cpus();

	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func) {
			kfree(func->site);
			func->site = NULL;
		}
}

static void unlink_versions(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;

	klpx_for_each_object(patch, obj) {
		klpx_for_each_func(obj, func)
			if (func->site)
				unlink_version(func);
		obj->patched = false;
	}
}

int klpx_redirect_add(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	int ret = -ENOMEM;

	lockdep_assert_held(&klpx_mutex);

	klpx_for_each_object(patch, obj) {
		klpx_for_each_func(obj, func) {
			func->site = get_site(func->ip);
			if (!func->site)
				goto err_unlink;
			push_version(func);
		}
		obj->patched = true;
	}

	ret = update_filter(patch, true);
	if (ret) {
		pr_err("failed to register ftrace handler for the functions of '%s' (%d)\n",
		       patch->name, ret);
		goto err_unlink;
	}
	return 0;

err_unlink:
	unlink_versions(patch);
	klpx_sync_cpus();
	put_sites(patch);
	return ret;
}

void klpx_redirect_remove(struct klpx_lpatch *patch)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	unlink_versions(patch);
	klpx_sync_cpus();

	ret = update_filter(patch, false);
	/* Harmless: the site stays, empty, and serves the next patch. */
	if (ret)
		pr_warn("'%s': functions stay in ftrace's filter (%d)\n",
			patch->name, ret);
	put_sites(patch);
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
