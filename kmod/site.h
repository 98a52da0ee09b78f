/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A site: the address ftrace reports for a patched function, with the stack of
 * its versions. Writers hold klpx_mutex. klpx_redirect_handler() reads, as a
 * reader (sync.h), so a site is freed after klpx_sync_readers().
 *
 * How a call gets to the newest version: by the handler, if the site is in the
 * filter of its ops (.traced), or on the fast path (.direct). Both at once while
 * it changes from one to the other, and while the calls of one that is on the
 * fast path are counted; then both lead to the same version.
 */
#ifndef KLPX_SITE_H
#define KLPX_SITE_H

#include <linux/hash.h>
#include <linux/percpu.h>

#include "pure/hot.h"
#include "records.h"

struct klpx_direct;

struct klpx_site {
	struct hlist_node node;
	unsigned long ip;
	struct klpx_version *top;	/* NULL: nothing but the original */
	bool traced;			/* ftrace calls the handler: filter.c */

	/* The fast path: fastpath.c, promote.c. */
	struct klpx_direct *direct;	/* NULL: not on it */
	struct list_head batch;		/* sites that one call is about */
	unsigned long __percpu *calls;	/* that the handler has seen */
	struct klpx_heat heat;		/* of those, what promote.c makes */
	enum klpx_move move;		/* what it has decided and not done yet */
};

#define KLPX_SITE_HASH_BITS	12

extern struct hlist_head klpx_sites[1 << KLPX_SITE_HASH_BITS];

/* Lock-free, any context; a reader, or klpx_mutex held. */
static __always_inline struct klpx_site *klpx_find_site(unsigned long ip)
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

/* The site of @ip, made if need be. NULL: no memory. klpx_mutex held. */
struct klpx_site *klpx_get_site(unsigned long ip);

/* Unhash it; free it after klpx_sync_readers(). */
void klpx_unlink_site(struct klpx_site *site);
void klpx_free_site(struct klpx_site *site);

#endif /* KLPX_SITE_H */
