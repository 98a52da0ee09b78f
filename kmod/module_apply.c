// SPDX-License-Identifier: GPL-2.0
/* What a target module is given and loses again; see module_apply.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/string.h>

#include "callbacks.h"
#include "module_apply.h"
#include "resolve.h"
#include "transition.h"
#include "transition_state.h"

static struct klpx_lobject *find_target_object(struct klpx_lpatch *patch,
					       const struct module *mod)
{
	struct klpx_lobject *obj;

	klpx_for_each_object(patch, obj)
		if (obj->name && !strcmp(obj->name, mod->name))
			return obj;
	return NULL;
}

static int apply_patch(struct klpx_lpatch *patch, struct klpx_lobject *obj)
{
	int ret;

	ret = klpx_resolve_object(patch, obj);
	if (ret) {
		pr_warn("failed to initialize patch '%s' for module '%s' (%d)\n",
			patch->name, obj->name, ret);
		return ret;
	}

	pr_notice("applying patch '%s' to loading module '%s'\n", patch->name,
		  obj->name);

	ret = klpx_pre_patch(obj);
	if (ret)
		goto err_unresolve;

	ret = klpx_transition_add_object(obj);
	if (ret) {
		pr_warn("failed to apply patch '%s' to module '%s' (%d)\n",
			patch->name, obj->name, ret);
		klpx_post_unpatch(obj);
		goto err_unresolve;
	}

	/* Otherwise the transition calls it when it completes. */
	if (patch != klpx_transition_patch())
		klpx_post_patch(obj);
	return 0;

err_unresolve:
	klpx_unresolve_object(patch, obj);
	return ret;
}

void klpx_revert_on_module(const struct module *mod)
{
	struct klpx_lpatch *patch;
	struct klpx_lobject *obj;

	list_for_each_entry(patch, &klpx_patches, node) {
		obj = find_target_object(patch, mod);
		if (!obj || obj->mod != mod)
			continue;

		if (patch != klpx_transition_patch())
			klpx_pre_unpatch(obj);
		pr_notice("reverting patch '%s' on unloading module '%s'\n",
			  patch->name, obj->name);
		klpx_transition_remove_object(obj);
		klpx_post_unpatch(obj);
		klpx_unresolve_object(patch, obj);
		klpx_set_target(obj, NULL);
	}
}

static bool has_newer(struct klpx_lpatch *patch, const struct module *mod)
{
	struct klpx_lobject *obj;

	list_for_each_entry_continue(patch, &klpx_patches, node) {
		obj = find_target_object(patch, mod);
		if (obj && obj->mod == mod)
			return true;
	}
	return false;
}

int klpx_apply_to_module(struct module *mod)
{
	struct klpx_lpatch *patch;
	struct klpx_lobject *obj;
	int ret;

	lockdep_assert_held(&klpx_mutex);

	list_for_each_entry(patch, &klpx_patches, node) {
		obj = find_target_object(patch, mod);
		if (!obj || obj->mod)
			continue;

		/*
		 * One that has been enabled since the module became live has
		 * found it by itself, and its versions are the newer ones.
		 */
		ret = has_newer(patch, mod) ? -EBUSY : 0;
		if (!ret) {
			klpx_set_target(obj, mod);
			ret = apply_patch(patch, obj);
		}
		if (!ret)
			continue;

		klpx_set_target(obj, NULL);
		if (mod->state == MODULE_STATE_LIVE) {
			pr_warn("patch '%s' failed for module '%s', which runs unpatched\n",
				patch->name, mod->name);
			continue;
		}
		pr_warn("patch '%s' failed for module '%s', refusing to load module '%s'\n",
			patch->name, mod->name, mod->name);
		klpx_revert_on_module(mod);
		return ret;
	}
	return 0;
}
