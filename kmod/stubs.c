// SPDX-License-Identifier: GPL-2.0
/*
 * Which stubs are in use; see stubs_text.S for what one is.
 *
 * A stub is written while nobody calls it and nobody is in it: it is *free* at
 * first, and again after klpx_stubs_recycle() has waited for every task that
 * may have been preempted in it. That ftrace makes a function call it comes
 * later, and synchronises all CPUs, so none has fetched the old constant.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>

#include "registry.h"
#include "stubs.h"
#include "symbols.h"
#include "sync.h"

/* Behind the opcode of movq $constant, (%rsp). */
#define CONSTANT_OFFSET	4
/* Recycling is slow; it begins before the last one is gone. */
#define FEW_STUBS	(KLPX_STUBS / 4)

extern const char klpx_stub_text[];

/* Under klpx_mutex. A stub in neither is free. */
static DECLARE_BITMAP(used_stubs, KLPX_STUBS);
static DECLARE_BITMAP(left_stubs, KLPX_STUBS);

static unsigned long address_of(unsigned int index)
{
	return (unsigned long)klpx_stub_text + index * KLPX_STUB_SIZE;
}

static unsigned int find_free(void)
{
	DECLARE_BITMAP(taken, KLPX_STUBS);

	bitmap_or(taken, used_stubs, left_stubs, KLPX_STUBS);
	return find_first_zero_bit(taken, KLPX_STUBS);
}

unsigned long klpx_stub_get(unsigned long target)
{
	s32 constant = (s32)target;
	unsigned int index;
	unsigned long stub;

	lockdep_assert_held(&klpx_mutex);

	if ((unsigned long)(s64)constant != target)
		return 0;
	index = find_free();
	if (index == KLPX_STUBS)
		return 0;
	stub = address_of(index);
	if (!klpx_sym_text_poke_copy((void *)(stub + CONSTANT_OFFSET),
				     &constant, sizeof(constant)))
		return 0;
	__set_bit(index, used_stubs);
	return stub;
}

void klpx_stub_put(unsigned long stub)
{
	unsigned int index = (stub - (unsigned long)klpx_stub_text) /
			     KLPX_STUB_SIZE;

	lockdep_assert_held(&klpx_mutex);
	__clear_bit(index, used_stubs);
	__set_bit(index, left_stubs);
}

void klpx_stubs_recycle(void)
{
	static DECLARE_BITMAP(waited_for, KLPX_STUBS);	/* one worker */

	klpx_lock();
	bitmap_copy(waited_for, left_stubs, KLPX_STUBS);
	klpx_unlock();
	if (bitmap_weight(waited_for, KLPX_STUBS) < FEW_STUBS)
		return;

	klpx_sync_tasks();

	klpx_lock();
	bitmap_andnot(left_stubs, left_stubs, waited_for, KLPX_STUBS);
	klpx_unlock();
}
