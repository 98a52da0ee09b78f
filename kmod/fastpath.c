// SPDX-License-Identifier: GPL-2.0
/* On and off the fast path; see fastpath.h. */
#include <linux/slab.h>

#include "counters.h"
#include "direct.h"
#include "fastpath.h"
#include "filter.h"
#include "muted.h"
#include "site.h"

static void release(struct list_head *sites)
{
	struct klpx_site *site, *next;

	list_for_each_entry_safe(site, next, sites, batch)
		list_del_init(&site->batch);
}

/* The handler, if it is there as well, has the last word from now on. */
static void end_direct(struct list_head *sites)
{
	struct klpx_site *site;

	list_for_each_entry(site, sites, batch) {
		klpx_direct_mute(site->direct);
		klpx_muted_add(site->direct);
		site->direct = NULL;
	}
	klpx_muted_wake();
	release(sites);
}

/* The calls of @sites are direct now, with no handler behind them. */
static void count(struct list_head *sites)
{
	struct klpx_site *site;

	list_for_each_entry(site, sites, batch) {
		klpx_count(KLPX_STAT_FASTPATH_FUNCTIONS);
		klpx_count(KLPX_STAT_FASTPATH_PROMOTED);
	}
}

static void uncount(struct list_head *sites)
{
	struct klpx_site *site;

	list_for_each_entry(site, sites, batch)
		klpx_uncount(KLPX_STAT_FASTPATH_FUNCTIONS);
}

/* Hand those of @sites that are not there to the handler; or take them away. */
static int set_traced(struct list_head *sites, bool traced)
{
	struct klpx_site *site;
	unsigned long *ips;
	size_t n = 0;
	int ret = 0;

	ips = kvmalloc_array(list_count_nodes(sites), sizeof(*ips), GFP_KERNEL);
	if (!ips)
		return -ENOMEM;
	list_for_each_entry(site, sites, batch)
		if (site->traced != traced)
			ips[n++] = site->ip;
	if (n)
		ret = traced ? klpx_filter_rejoin(ips, n) :
			       klpx_filter_remove(ips, n);
	kvfree(ips);
	return ret;
}

/*
 * Of @sites that should have been taken away from the handler, those that are
 * still there; the others are on the fast path now, and leave as all do. (One
 * without both would be called by nothing that asks for sides.)
 */
static void give_up_traced(struct list_head *sites)
{
	struct klpx_site *site, *next;
	LIST_HEAD(traced);

	list_for_each_entry_safe(site, next, sites, batch)
		if (site->traced)
			list_move_tail(&site->batch, &traced);
	end_direct(&traced);
}

int klpx_fastpath_attach(struct klpx_site *site, struct list_head *sites)
{
	struct klpx_direct *direct;

	lockdep_assert_held(&klpx_mutex);

	direct = klpx_direct_attach(site->ip, site->top->new_func);
	if (IS_ERR(direct))
		return PTR_ERR(direct);
	site->direct = direct;
	list_add_tail(&site->batch, sites);
	return 0;
}

void klpx_fastpath_enter(struct list_head *sites)
{
	lockdep_assert_held(&klpx_mutex);
	if (list_empty(sites))
		return;

	if (set_traced(sites, false))
		give_up_traced(sites);
	count(sites);
	release(sites);
}

void klpx_fastpath_probe(struct list_head *sites)
{
	lockdep_assert_held(&klpx_mutex);
	if (!list_empty(sites))
		set_traced(sites, true);
	release(sites);
}

void klpx_fastpath_resume(struct list_head *sites)
{
	lockdep_assert_held(&klpx_mutex);
	if (!list_empty(sites))
		set_traced(sites, false);
	release(sites);
}

int klpx_fastpath_leave_sites(struct list_head *sites)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);
	if (list_empty(sites))
		return 0;

	ret = set_traced(sites, true);
	if (ret) {
		release(sites);
		return ret;
	}
	uncount(sites);
	end_direct(sites);
	return 0;
}

static void collect(struct list_head *batch, struct list_head *sites)
{
	struct klpx_lfunc *func;

	list_for_each_entry(func, batch, batch) {
		struct klpx_site *site = klpx_find_site(func->ip);

		/* Two functions of a batch can share a site. */
		if (site && site->direct && list_empty(&site->batch))
			list_add_tail(&site->batch, sites);
	}
}

int klpx_fastpath_leave(struct list_head *batch)
{
	LIST_HEAD(sites);

	collect(batch, &sites);
	return klpx_fastpath_leave_sites(&sites);
}

void klpx_fastpath_drop(struct list_head *batch)
{
	LIST_HEAD(sites);

	lockdep_assert_held(&klpx_mutex);

	collect(batch, &sites);
	if (list_empty(&sites))
		return;
	uncount(&sites);
	end_direct(&sites);
}
