// SPDX-License-Identifier: GPL-2.0
/* What must not be on a stack; see forbidden.h. */
#include <linux/module.h>
#include <linux/slab.h>

#include "forbidden.h"
#include "redirect.h"
#include "replace.h"

static void forbid(struct klpx_range **next, const struct klpx_lfunc *func,
		   unsigned long start, unsigned long size)
{
	*(*next)++ = (struct klpx_range) {
		.start = start,
		.end = start + size,
		.owner = func,
	};
}

/* Ranges that one function takes at most. */
#define KLPX_RANGES_PER_FUNC	3

/*
 * What must not be on a stack when a task is switched to @target.
 *
 * To PATCHED: the body that the task runs now, the version below or the
 * original. To UNPATCHED: the body of the version. With each its cold part.
 * And, unless the original's body covers it, the return address into the
 * original's entry: a task that was preempted between the handler's choice and
 * the jump has only that on its stack, and is about to enter the version it
 * chose. (The kernel's livepatch looks for the body alone and would free it
 * under such a task.)
 */
static void forbid_func(struct klpx_range **next, const struct klpx_lfunc *func,
			enum klpx_side target)
{
	const struct klpx_version *leaving = &func->version;
	const struct klpx_lfunc *body;

	if (target == KLPX_PATCHED)
		leaving = func->version.older;
	if (!leaving || !leaving->new_func) {
		forbid(next, func, func->old_addr, func->old_size);
		forbid(next, func, func->old_cold.addr, func->old_cold.size);
		return;
	}

	body = container_of(leaving, struct klpx_lfunc, version);
	forbid(next, func, (unsigned long)leaving->new_func, body->new_size);
	forbid(next, func, body->new_cold.addr, body->new_cold.size);
	forbid(next, func, klpx_redirect_return_address(func), 1);
}

static void forbid_text(struct klpx_forbidden *forbidden,
			const struct klpx_lpatch *patch)
{
	const struct module_memory *text = &patch->desc->mod->mem[MOD_TEXT];

	forbidden->texts[forbidden->nr_texts++] = (struct klpx_range) {
		.start = (unsigned long)text->base,
		.end = (unsigned long)text->base + text->size,
	};
}

/* The modules whose code nobody needs when the transition has completed. */
static void forbid_texts(struct klpx_forbidden *forbidden,
			 const struct klpx_lpatch *patch)
{
	struct klpx_lpatch *old;

	forbidden->nr_texts = 0;
	if (patch->target == KLPX_UNPATCHED)
		forbid_text(forbidden, patch);
	else
		klpx_for_each_replaced(patch, old)
			forbid_text(forbidden, old);
	forbidden->nr_texts = klpx_ranges_build(forbidden->texts,
						forbidden->nr_texts);
}

void klpx_forbidden_fill(struct klpx_forbidden *forbidden,
			 const struct klpx_lpatch *patch)
{
	struct klpx_range *next = forbidden->ranges;
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;

	lockdep_assert_held(&klpx_mutex);

	klpx_for_each_object(patch, obj) {
		if (!obj->patched)
			continue;
		klpx_for_each_func(obj, func)
			forbid_func(&next, func, patch->target);
	}
	forbidden->count = klpx_ranges_build(forbidden->ranges,
					     next - forbidden->ranges);
	forbid_texts(forbidden, patch);
}

int klpx_forbidden_alloc(struct klpx_forbidden *forbidden,
			 const struct klpx_lpatch *patch)
{
	size_t ranges = KLPX_RANGES_PER_FUNC * patch->nr_funcs + 1;
	size_t texts = list_count_nodes(&klpx_patches) + 1;

	lockdep_assert_held(&klpx_mutex);

	forbidden->ranges = kvmalloc_array(ranges, sizeof(*forbidden->ranges),
					   GFP_KERNEL);
	forbidden->texts = kvmalloc_array(texts, sizeof(*forbidden->texts),
					  GFP_KERNEL);
	/* Whoever asked calls _free() in either case. */
	return forbidden->ranges && forbidden->texts ? 0 : -ENOMEM;
}

void klpx_forbidden_free(struct klpx_forbidden *forbidden)
{
	kvfree(forbidden->ranges);
	kvfree(forbidden->texts);
}
