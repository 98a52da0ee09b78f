// SPDX-License-Identifier: GPL-2.0
/*
 * States and their callbacks; see states.h and klpx/livepatch.h.
 *
 * Settled here, where the proposal on the list left it open:
 * - Ids that are there twice in one patch are refused.
 * - Patches may name a state; the same id under another name does not fit.
 * - Parallel patches share a state: the first to come runs the callbacks that
 *   bring it, the last to go those that take it away. block_disable blocks the
 *   last one only.
 * - If several replaced patches have an obsolete state, the newest's callbacks
 *   run, once.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/string.h>

#include "adopted.h"
#include "states.h"
#include "transition_state.h"

#define for_each_state(desc, state) \
	for (state = (desc)->states; state && state->id; state++)

struct klpx_state *klpx_get_state(const struct klpx_patch *patch,
				  unsigned long id)
{
	struct klpx_state *state;

	for_each_state(patch, state)
		if (state->id == id)
			return state;
	return NULL;
}
EXPORT_SYMBOL_GPL(klpx_get_state);

struct klpx_state *klpx_states_find_prev(unsigned long id,
					 const struct klpx_lpatch **of)
{
	struct klpx_state *state, *last = NULL;
	const struct klpx_lpatch *patch;

	list_for_each_entry(patch, &klpx_patches, node) {
		if (patch == klpx_transition_patch())
			break;
		state = klpx_get_state(patch->desc, id);
		if (!state)
			continue;
		last = state;
		*of = patch;
	}
	return last;
}

struct klpx_state *klpx_get_prev_state(unsigned long id)
{
	const struct klpx_lpatch *of;
	struct klpx_state *state;

	/* A caller outside a callback does not hold klpx_mutex either. */
	if (WARN_ON_ONCE(klpx_in_transition(NULL)))
		return NULL;

	state = klpx_states_find_prev(id, &of);
	if (state && klpx_is_adopted(of))
		klpx_adopted_refresh(of->adopted, state);
	return state;
}
EXPORT_SYMBOL_GPL(klpx_get_prev_state);

/* A state of the merged API: compatible by version alone. */
static bool is_versioned(const struct klpx_state *state)
{
	const struct klpx_state_callbacks *callbacks = &state->callbacks;

	return !state->block_disable && !state->is_shadow &&
	       !callbacks->pre_patch && !callbacks->post_patch &&
	       !callbacks->pre_unpatch && !callbacks->post_unpatch;
}

static bool state_fits(const struct klpx_lpatch *patch,
		       const struct klpx_lpatch *old,
		       const struct klpx_state *old_state)
{
	const struct klpx_state *state =
		klpx_get_state(patch->desc, old_state->id);

	if (!state) {
		if (!klpx_replaces(patch, old))
			return true;
		return !is_versioned(old_state) && !old_state->block_disable;
	}
	if (patch->desc->replace_set != old->desc->replace_set)
		return false;
	if (state->name && old_state->name &&
	    strcmp(state->name, old_state->name))
		return false;
	return !is_versioned(old_state) || state->version >= old_state->version;
}

bool klpx_states_compatible(const struct klpx_lpatch *patch)
{
	const struct klpx_lpatch *old;
	const struct klpx_state *state;

	lockdep_assert_held(&klpx_mutex);

	list_for_each_entry(old, &klpx_patches, node)
		for_each_state(old->desc, state)
			if (!state_fits(patch, old, state))
				return false;
	return true;
}

/* Some patch other than @patch has the state, so it is in the system anyway. */
static bool is_elsewhere(const struct klpx_lpatch *patch, unsigned long id)
{
	struct klpx_lpatch *other;

	list_for_each_entry(other, &klpx_patches, node)
		if (other != patch && klpx_get_state(other->desc, id))
			return true;
	return false;
}

bool klpx_states_block_disable(const struct klpx_lpatch *patch)
{
	const struct klpx_state *state;

	lockdep_assert_held(&klpx_mutex);

	for_each_state(patch->desc, state)
		if (state->block_disable && !is_elsewhere(patch, state->id))
			return true;
	return false;
}

/* Callbacks of sources for the kernel's proposed API take what is not const. */
static struct klpx_patch *to_arg(const struct klpx_lpatch *patch)
{
	return (struct klpx_patch *)patch->desc;
}

int klpx_states_pre_patch(struct klpx_lpatch *patch)
{
	struct klpx_lstate *record;
	struct klpx_state *state;
	int ret = 0;

	lockdep_assert_held(&klpx_mutex);

	list_for_each_entry(record, &patch->states, node) {
		state = record->desc;
		if (state->callbacks.pre_patch &&
		    !is_elsewhere(patch, state->id))
			ret = state->callbacks.pre_patch(to_arg(patch), state);
		if (ret)
			return ret;
		record->pre_patch_succeeded = true;
	}
	return 0;
}

void klpx_states_post_patch(struct klpx_lpatch *patch)
{
	struct klpx_state *state;

	for_each_state(patch->desc, state)
		if (state->callbacks.post_patch &&
		    !is_elsewhere(patch, state->id))
			state->callbacks.post_patch(to_arg(patch), state);
}

void klpx_states_pre_unpatch(struct klpx_lpatch *patch)
{
	struct klpx_state *state;

	for_each_state(patch->desc, state)
		if (state->callbacks.pre_unpatch &&
		    !is_elsewhere(patch, state->id))
			state->callbacks.pre_unpatch(to_arg(patch), state);
}

static struct klpx_lstate *record_of(const struct klpx_lpatch *patch,
				     const struct klpx_state *state)
{
	struct klpx_lstate *record;

	list_for_each_entry(record, &patch->states, node)
		if (record->desc == state)
			return record;
	return NULL;
}

static void leave_state(struct klpx_lpatch *patch, struct klpx_state *state)
{
	struct klpx_lstate *record = record_of(patch, state);

	if (!record || !record->pre_patch_succeeded)
		return;
	if (state->callbacks.post_unpatch)
		state->callbacks.post_unpatch(to_arg(patch), state);
	if (state->is_shadow)
		klpx_shadow_free_all(state->id, state->callbacks.shadow_dtor);
	record->pre_patch_succeeded = false;
}

void klpx_states_post_unpatch(struct klpx_lpatch *patch)
{
	struct klpx_state *state;

	for_each_state(patch->desc, state)
		if (!is_elsewhere(patch, state->id))
			leave_state(patch, state);
}

/* Not in @patch, nor in one that stays; @old is the newest that has it. */
static bool is_obsolete(const struct klpx_lpatch *patch,
			const struct klpx_lpatch *old, unsigned long id)
{
	const struct klpx_lpatch *other = old;

	if (klpx_get_state(patch->desc, id))
		return false;
	list_for_each_entry_continue(other, &klpx_patches, node)
		if (other != patch && klpx_get_state(other->desc, id))
			return false;
	return true;
}

static void visit_obsolete(struct klpx_lpatch *patch,
			   void (*fn)(struct klpx_lpatch *old,
				      struct klpx_state *state))
{
	struct klpx_lpatch *old;
	struct klpx_state *state;

	lockdep_assert_held(&klpx_mutex);

	klpx_for_each_replaced(patch, old) {
		for_each_state(old->desc, state)
			if (is_obsolete(patch, old, state->id))
				fn(old, state);
	}
}

static void call_pre_unpatch(struct klpx_lpatch *old, struct klpx_state *state)
{
	if (state->callbacks.pre_unpatch)
		state->callbacks.pre_unpatch(to_arg(old), state);
}

static void call_post_patch(struct klpx_lpatch *old, struct klpx_state *state)
{
	if (state->callbacks.post_patch)
		state->callbacks.post_patch(to_arg(old), state);
}

void klpx_states_pre_unpatch_replaced(struct klpx_lpatch *patch)
{
	visit_obsolete(patch, call_pre_unpatch);
}

void klpx_states_post_unpatch_replaced(struct klpx_lpatch *patch)
{
	visit_obsolete(patch, leave_state);
}

void klpx_states_post_patch_replaced(struct klpx_lpatch *patch)
{
	visit_obsolete(patch, call_post_patch);
}
