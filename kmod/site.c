// SPDX-License-Identifier: GPL-2.0
/* The sites, by address; see site.h. */
#include <linux/rculist.h>
#include <linux/slab.h>

#include "site.h"

struct hlist_head klpx_sites[1 << KLPX_SITE_HASH_BITS];

struct klpx_site *klpx_get_site(unsigned long ip)
{
	struct klpx_site *site = klpx_find_site(ip);

	lockdep_assert_held(&klpx_mutex);
	if (site)
		return site;

	site = kzalloc(sizeof(*site), GFP_KERNEL);
	if (!site)
		return NULL;
	site->ip = ip;
	INIT_LIST_HEAD(&site->batch);
	site->calls = alloc_percpu(unsigned long);
	if (!site->calls) {
		kfree(site);
		return NULL;
	}
	/* The handler reads ->next; publish the initialised node. */
	hlist_add_head_rcu(&site->node,
			   &klpx_sites[hash_long(ip, KLPX_SITE_HASH_BITS)]);
	return site;
}

void klpx_unlink_site(struct klpx_site *site)
{
	hlist_del_init_rcu(&site->node);
}

void klpx_free_site(struct klpx_site *site)
{
	if (!site)
		return;
	free_percpu(site->calls);
	kfree(site);
}
