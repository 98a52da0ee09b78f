// SPDX-License-Identifier: GPL-2.0
/*
 * Calling the callbacks of an object; see callbacks.h. An object that only
 * holds nops (replace.c) has no description and no callbacks.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "adopted.h"
#include "callbacks.h"
#include "states.h"

static bool is_adopted(const struct klpx_lobject *obj)
{
	return IS_ENABLED(CONFIG_LIVEPATCH) && obj->adopted;
}

int klpx_pre_patch(struct klpx_lobject *obj)
{
	int ret = 0;

	lockdep_assert_held(&klpx_mutex);
	if (!obj->desc)
		return 0;

	if (is_adopted(obj))
		ret = klpx_adopted_pre_patch(obj);
	else if (obj->desc->callbacks.pre_patch)
		ret = obj->desc->callbacks.pre_patch(obj->desc);
	if (ret)
		pr_warn("pre-patch callback failed for object '%s'\n",
			klpx_object_name(obj));
	obj->pre_patch_succeeded = !ret;
	return ret;
}

void klpx_post_patch(struct klpx_lobject *obj)
{
	lockdep_assert_held(&klpx_mutex);

	if (is_adopted(obj))
		klpx_adopted_post_patch(obj);
	else if (obj->desc && obj->desc->callbacks.post_patch)
		obj->desc->callbacks.post_patch(obj->desc);
}

void klpx_pre_unpatch(struct klpx_lobject *obj)
{
	lockdep_assert_held(&klpx_mutex);

	if (is_adopted(obj))
		klpx_adopted_pre_unpatch(obj);
	else if (obj->desc && obj->desc->callbacks.pre_unpatch)
		obj->desc->callbacks.pre_unpatch(obj->desc);
}

void klpx_post_unpatch(struct klpx_lobject *obj)
{
	lockdep_assert_held(&klpx_mutex);
	if (!obj->desc)
		return;

	if (obj->pre_patch_succeeded) {
		if (is_adopted(obj))
			klpx_adopted_post_unpatch(obj);
		else if (obj->desc->callbacks.post_unpatch)
			obj->desc->callbacks.post_unpatch(obj->desc);
	}
	obj->pre_patch_succeeded = false;
}

int klpx_callbacks_pre_patch(struct klpx_lpatch *patch)
{
	int ret;

	ret = klpx_states_pre_patch(patch);
	if (ret)
		return ret;
	klpx_states_pre_unpatch_replaced(patch);
	patch->gave_up_states = true;
	return 0;
}

void klpx_callbacks_post_patch(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;

	/* Only an enable has given any up; a reversed disable has not. */
	if (patch->gave_up_states)
		klpx_states_post_unpatch_replaced(patch);
	patch->gave_up_states = false;
	klpx_for_each_object(patch, obj)
		if (klpx_object_loaded(obj))
			klpx_post_patch(obj);
	klpx_states_post_patch(patch);
}

void klpx_callbacks_pre_unpatch(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;

	klpx_states_pre_unpatch(patch);
	klpx_for_each_object(patch, obj)
		if (obj->patched)
			klpx_pre_unpatch(obj);
}

void klpx_callbacks_post_unpatch(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;

	if (patch->gave_up_states)
		klpx_states_post_patch_replaced(patch);
	patch->gave_up_states = false;
	klpx_for_each_object(patch, obj)
		if (klpx_object_loaded(obj))
			klpx_post_unpatch(obj);
	klpx_states_post_unpatch(patch);
}
