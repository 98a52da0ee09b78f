// SPDX-License-Identifier: GPL-2.0
/*
 * Which stubs are in use; see stubs_text.S for what one is.
 *
 * A stub is written while no function calls it and no task is in it: it is free
 * at first, and again after recycle_worker() has waited for every task that may
 * have been preempted in it. A CPU may have fetched the old constant all the
 * same, ahead of time, so each is made to fetch anew, before the stub is given
 * to ftrace: ftrace does that only if it changes the call site, and it does not
 * where another callback is on the function.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/moduleparam.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <asm/sync_core.h>

#include "counters.h"
#include "stubs.h"
#include "symbols.h"
#include "sync.h"

/* Behind the opcode of movq $constant, (%rsp). */
#define CONSTANT_OFFSET	4
/* Recycling is slow; it begins before the last one is gone: a part of all. */
#define FEW_STUBS	4

static unsigned int stubs = KLPX_STUBS;
module_param(stubs, uint, 0444);
MODULE_PARM_DESC(stubs, "functions on the fast path at most, left ones included (default and most: 1024)");

extern const char klpx_stub_text[];

/* A stub in neither is free. */
static DEFINE_SPINLOCK(stubs_lock);
static DECLARE_BITMAP(used_stubs, KLPX_STUBS);
static DECLARE_BITMAP(left_stubs, KLPX_STUBS);

/*
 * A work of its own: it waits for RCU-tasks, and nothing shall wait for that.
 */
static void recycle_worker(struct work_struct *work);
static DECLARE_WORK(recycle_work, recycle_worker);
static void (*recycled_fn)(void) __ro_after_init;

void klpx_stubs_init(void (*recycled)(void))
{
	recycled_fn = recycled;
}

static unsigned long address_of(unsigned int index)
{
	return (unsigned long)klpx_stub_text + index * KLPX_STUB_SIZE;
}

static unsigned int count_all(void)
{
	return min_t(unsigned int, stubs, KLPX_STUBS);
}

static unsigned int count_free(void)
{
	return count_all() - bitmap_weight(used_stubs, KLPX_STUBS) -
	       bitmap_weight(left_stubs, KLPX_STUBS);
}

/* However few are left: otherwise they would be lost. */
static bool shall_recycle(void)
{
	lockdep_assert_held(&stubs_lock);
	return count_free() < count_all() / FEW_STUBS &&
	       !bitmap_empty(left_stubs, KLPX_STUBS);
}

static unsigned int take_free(void)
{
	DECLARE_BITMAP(taken, KLPX_STUBS);
	unsigned int index;

	spin_lock(&stubs_lock);
	bitmap_or(taken, used_stubs, left_stubs, KLPX_STUBS);
	index = find_first_zero_bit(taken, count_all());
	if (index < count_all())
		__set_bit(index, used_stubs);
	if (shall_recycle())
		queue_work(system_unbound_wq, &recycle_work);
	spin_unlock(&stubs_lock);
	return index;
}

static void fetch_anew(void *unused)
{
	sync_core();
}

unsigned long klpx_stub_get(unsigned long target)
{
	s32 constant = (s32)target;
	unsigned int index;
	unsigned long stub;

	if ((unsigned long)(s64)constant != target)
		return 0;
	index = take_free();
	if (index == count_all())
		return 0;
	stub = address_of(index);
	if (!klpx_sym_text_poke_copy((void *)(stub + CONSTANT_OFFSET),
				     &constant, sizeof(constant))) {
		spin_lock(&stubs_lock);
		__clear_bit(index, used_stubs);
		spin_unlock(&stubs_lock);
		return 0;
	}
	on_each_cpu(fetch_anew, NULL, true);
	return stub;
}

void klpx_stub_put(unsigned long stub)
{
	unsigned int index = (stub - (unsigned long)klpx_stub_text) /
			     KLPX_STUB_SIZE;

	spin_lock(&stubs_lock);
	__clear_bit(index, used_stubs);
	__set_bit(index, left_stubs);
	if (shall_recycle())
		queue_work(system_unbound_wq, &recycle_work);
	spin_unlock(&stubs_lock);
}

static void recycle_worker(struct work_struct *work)
{
	static DECLARE_BITMAP(waited_for, KLPX_STUBS);	/* one work item */

	spin_lock(&stubs_lock);
	bitmap_copy(waited_for, left_stubs, KLPX_STUBS);
	spin_unlock(&stubs_lock);
	if (bitmap_empty(waited_for, KLPX_STUBS))
		return;

	klpx_sync_tasks();

	spin_lock(&stubs_lock);
	bitmap_andnot(left_stubs, left_stubs, waited_for, KLPX_STUBS);
	/* Those that have been left meanwhile, if that was not enough. */
	if (shall_recycle())
		queue_work(system_unbound_wq, &recycle_work);
	spin_unlock(&stubs_lock);
	klpx_count(KLPX_STAT_STUBS_RECYCLED);
	recycled_fn();
}

void klpx_stubs_exit(void)
{
	cancel_work_sync(&recycle_work);
}
