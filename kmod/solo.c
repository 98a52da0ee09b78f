// SPDX-License-Identifier: GPL-2.0
/* Functions with an ftrace_ops of their own; see solo.h. */
#include <linux/delay.h>
#include <linux/list.h>
#include <linux/slab.h>

#include "filter.h"
#include "func_stack.h"
#include "lock.h"
#include "solo.h"
#include "symbols.h"
#include "sync.h"

/*
 * A BPF trampoline cannot be told while it is being changed, which takes a few
 * updates of ftrace. So often, so long after each, for all functions of a batch
 * together: klpx_mutex is held.
 */
#define KLPX_SOLO_TRIES		100
#define KLPX_SOLO_RETRY_MS	10

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

bool klpx_is_solo(unsigned long ip)
{
	return find_solo(ip);
}

static void free_solos(struct list_head *gone)
{
	struct solo *solo, *next;

	if (list_empty(gone))
		return;
	/* A CPU may be at one in its walk through the list of all ops. */
	klpx_sync_cpus();
	list_for_each_entry_safe(solo, next, gone, node) {
		ftrace_free_filter(&solo->ops);
		kfree(solo);
	}
}

/*
 * A trampoline of its own would have to outlive all tasks that were preempted
 * in it, which is an RCU-tasks grace period under ftrace_lock when the ops is
 * unregistered; that never ends beside a real-time hog. With ftrace_caller,
 * which is always there, it is called from the list of all ops, with preemption
 * off.
 */
static struct solo *new_solo(unsigned long ip, ftrace_func_t handler)
{
	struct solo *solo = kzalloc(sizeof(*solo), GFP_KERNEL);

	if (!solo)
		return NULL;
	solo->ip = ip;
	solo->ops.func = handler;
	solo->ops.trampoline = klpx_sym_ftrace_caller();
	solo->ops.flags = FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_IPMODIFY |
			  FTRACE_OPS_FL_PERMANENT;
	if (ftrace_set_filter_ip(&solo->ops, ip, 0, 1)) {
		kfree(solo);
		return NULL;
	}
	return solo;
}

static int add_solo(unsigned long ip, ftrace_func_t handler,
		    unsigned int *tries)
{
	struct solo *solo = new_solo(ip, handler);
	LIST_HEAD(refused);
	int ret;

	if (!solo)
		return -ENOMEM;
	for (;;) {
		ret = register_ftrace_function(&solo->ops);
		if (ret != -EAGAIN || !*tries)
			break;
		--*tries;
		msleep(KLPX_SOLO_RETRY_MS);
	}
	if (!ret) {
		klpx_find_func_stack(ip)->traced = true;
		list_add(&solo->node, &solos);
	} else if (klpx_ftrace_keeps(&solo->ops)) {
		klpx_filter_stuck(ret);
	} else {
		list_add(&solo->node, &refused);
		free_solos(&refused);
	}
	return ret;
}

int klpx_solo_add(const unsigned long *ips, size_t n, ftrace_func_t handler,
		  size_t *refused)
{
	unsigned int tries = KLPX_SOLO_TRIES;
	size_t i;
	int ret;

	lockdep_assert_held(&klpx_mutex);

	for (i = 0; i < n; i++) {
		ret = add_solo(ips[i], handler, &tries);
		if (!ret)
			continue;
		*refused = i;
		klpx_solo_remove(ips, i);
		return ret;
	}
	return 0;
}

int klpx_solo_remove(const unsigned long *ips, size_t n)
{
	LIST_HEAD(gone);
	int ret = 0;
	size_t i;

	lockdep_assert_held(&klpx_mutex);

	for (i = 0; i < n; i++) {
		struct solo *solo = find_solo(ips[i]);

		klpx_ftrace_hurry(&solo->ops);
		ret = unregister_ftrace_function(&solo->ops);
		if (ret) {
			klpx_filter_stuck(ret);
			break;
		}
		klpx_find_func_stack(ips[i])->traced = false;
		list_move(&solo->node, &gone);
	}
	free_solos(&gone);
	return ret;
}
