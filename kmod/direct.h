/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A direct call: the function calls a stub at its entry, without the handler.
 * May sleep. Each attach and detach is one update of ftrace.
 */
#ifndef KLPX_DIRECT_H
#define KLPX_DIRECT_H

#include <linux/ftrace.h>
#include <linux/list.h>
#include <linux/types.h>

struct klpx_direct {
	struct ftrace_ops ops;
	unsigned long ip;
	unsigned long stub;
	bool stuck;			/* ftrace still calls the stub, and will */
	/* muted.c owns this. */
	struct list_head muted;
	struct hlist_node by_ip;
};

/*
 * From @ip to @new_func. While other callbacks of ftrace are on @ip too, they
 * are called first and the stub has the last word, so the redirection handler
 * may be there as long as it chooses the same.
 *
 * ERR_PTR: -EBUSY another direct caller (BPF) has the function; -ENOSPC no
 * stub; -ENOMEM. klpx_mutex held.
 */
struct klpx_direct *klpx_direct_attach(unsigned long ip, void *new_func);

/*
 * Ending it takes three steps, with klpx_sync_cpus() after the first and after
 * the second, once for as many as there are. After the first, the callback
 * that is on the function as well has the last word; after the second, there
 * is no direct call. Only the first wants klpx_mutex: muted.c does the others.
 */
void klpx_direct_mute(struct klpx_direct *direct);
void klpx_direct_detach(struct klpx_direct *direct);
void klpx_direct_free(struct klpx_direct *direct);

#endif /* KLPX_DIRECT_H */
