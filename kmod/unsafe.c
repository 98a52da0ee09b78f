// SPDX-License-Identifier: GPL-2.0
/* What must not be on a stack; see unsafe.h. */
#include <linux/module.h>
#include <linux/slab.h>

#include "func_stack.h"
#include "redirect.h"
#include "unsafe.h"

/*
 * There is room, counted from the same lists (count_ranges()). If there were
 * not, nothing may be left out: then no task can be switched, wherever it is.
 */
static void add_unsafe_range(struct klpx_unsafe *unsafe,
			     const struct klpx_lfunc *func, unsigned long start,
			     unsigned long size)
{
	struct klpx_range range = {
		.start = start,
		.end = start + size,
		.owner = func,
	};

	if (WARN_ON_ONCE(unsafe->count == unsafe->room)) {
		range.start = 0;
		range.end = ULONG_MAX;
		unsafe->count = 0;
	}
	unsafe->ranges[unsafe->count++] = range;
}

static void add_unsafe_cold_ranges(struct klpx_unsafe *unsafe,
				   const struct klpx_lfunc *func,
				   const struct klpx_cold_ranges *ranges)
{
	size_t i;

	for (i = 0; i < ranges->n; i++)
		add_unsafe_range(unsafe, func, ranges->at[i].addr,
				 ranges->at[i].size);
}

/* A body and a return address; the cold ranges come on top. */
#define KLPX_RANGES_PER_FUNC	2

/*
 * What add_unsafe_func() takes for @func at most, whatever the target and
 * whichever version is below it by then.
 */
static size_t count_ranges(const struct klpx_lfunc *func)
{
	const struct klpx_func_stack *stack = klpx_find_func_stack(func->ip);
	const struct klpx_version *version = stack ? stack->top : NULL;
	size_t n = KLPX_RANGES_PER_FUNC + func->old_cold.n + func->new_cold.n;

	for (; version; version = version->older)
		n += container_of(version, struct klpx_lfunc, version)->new_cold.n;
	return n;
}

/*
 * What must not be on a stack when a task is switched to @target.
 *
 * To PATCHED: the body that the task runs now, the version below or the
 * original. To UNPATCHED: the body of the version. With each its cold ranges.
 * And, unless the original's body covers it, the return address into the
 * original's entry: a task that was preempted between the handler's choice and
 * the jump has only that on its stack, and is about to enter the version it
 * chose. (The kernel's livepatch looks for the body alone and would free it
 * under such a task.)
 */
static void add_unsafe_func(struct klpx_unsafe *unsafe,
			    const struct klpx_lfunc *func, enum klpx_side target)
{
	const struct klpx_version *leaving = &func->version;
	const struct klpx_lfunc *body;

	if (target == KLPX_PATCHED)
		leaving = func->version.older;
	if (!leaving || !leaving->new_func) {
		add_unsafe_range(unsafe, func, func->old_addr, func->old_size);
		add_unsafe_cold_ranges(unsafe, func, &func->old_cold);
		return;
	}

	body = container_of(leaving, struct klpx_lfunc, version);
	add_unsafe_range(unsafe, func, (unsigned long)leaving->new_func,
			 body->new_size);
	add_unsafe_cold_ranges(unsafe, func, &body->new_cold);
	add_unsafe_range(unsafe, func, klpx_redirect_return_address(func), 1);
}

static void add_unsafe_text(struct klpx_unsafe *unsafe,
			    const struct klpx_lpatch *patch)
{
	const struct module_memory *text = &patch->desc->mod->mem[MOD_TEXT];

	unsafe->texts[unsafe->nr_texts++] = (struct klpx_range) {
		.start = (unsigned long)text->base,
		.end = (unsigned long)text->base + text->size,
	};
}

/* The modules whose code no task needs when the transition has completed. */
static void set_texts(struct klpx_unsafe *unsafe,
		      const struct klpx_lpatch *patch)
{
	struct klpx_lpatch *old;

	unsafe->nr_texts = 0;
	if (patch->target == KLPX_UNPATCHED)
		add_unsafe_text(unsafe, patch);
	else
		klpx_for_each_replaced(patch, old)
			add_unsafe_text(unsafe, old);
	unsafe->nr_texts = klpx_ranges_build(unsafe->texts,
					     unsafe->nr_texts);
}

void klpx_unsafe_fill(struct klpx_unsafe *unsafe,
		      const struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;

	lockdep_assert_held(&klpx_mutex);

	unsafe->count = 0;
	klpx_for_each_object(patch, obj) {
		if (!obj->patched)
			continue;
		klpx_for_each_func(obj, func)
			add_unsafe_func(unsafe, func, patch->target);
	}
	unsafe->count = klpx_ranges_build(unsafe->ranges,
					  unsafe->count);
	set_texts(unsafe, patch);
}

static int reserve_ranges(struct klpx_unsafe *unsafe,
			  const struct klpx_lpatch *patch)
{
	const struct klpx_lobject *obj;
	const struct klpx_lfunc *func;
	struct klpx_range *ranges;
	size_t room = 0;

	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func)
			room += count_ranges(func);
	if (room <= unsafe->room)
		return 0;
	ranges = kvmalloc_array(room, sizeof(*ranges), GFP_KERNEL);
	if (!ranges)
		return -ENOMEM;
	if (unsafe->count)
		memcpy(ranges, unsafe->ranges,
		       unsafe->count * sizeof(*ranges));
	kvfree(unsafe->ranges);
	unsafe->ranges = ranges;
	unsafe->room = room;
	return 0;
}

int klpx_unsafe_reserve(struct klpx_unsafe *unsafe,
			const struct klpx_lpatch *patch)
{
	lockdep_assert_held(&klpx_mutex);

	/* No patch is enabled while a transition runs. */
	if (!unsafe->texts)
		unsafe->texts = kvmalloc_array(
			list_count_nodes(&klpx_patches) + 1,
			sizeof(*unsafe->texts), GFP_KERNEL);
	/* The caller calls klpx_unsafe_free() in either case. */
	return unsafe->texts ? reserve_ranges(unsafe, patch) : -ENOMEM;
}

void klpx_unsafe_free(struct klpx_unsafe *unsafe)
{
	kvfree(unsafe->ranges);
	kvfree(unsafe->texts);
}
