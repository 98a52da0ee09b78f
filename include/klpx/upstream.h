/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Builds patch sources written for the kernel's own livepatch, unchanged, for
 * klpx: force-include it (ccflags-y += -include klpx/upstream.h). Sources for
 * 6.12, for 7.x and for the proposed state API all compile; the structures are
 * a superset.
 *
 * It takes the place of <linux/livepatch.h>, which the source may include. The
 * mark MODULE_INFO(livepatch, "Y") has the module loader write relocations
 * against vmlinux and keep what klpx.ko needs for those against modules; on a
 * kernel without CONFIG_LIVEPATCH it would have the loader refuse the module,
 * so there it becomes a mark of ours.
 */
#ifndef KLPX_UPSTREAM_H
#define KLPX_UPSTREAM_H

/*
 * What follows includes <linux/printk.h>, which would define pr_fmt() before
 * the source does. This is the definition that sources for livepatch have, to
 * the letter, so theirs is no redefinition.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

/* The include guards of what this header stands in for. */
#define _LINUX_LIVEPATCH_H_
#define _LINUX_LIVEPATCH_EXTERNAL_H_

#include <linux/completion.h>
#include <linux/ftrace.h>
#include <linux/list.h>
#include <linux/module.h>

#include <klpx/livepatch.h>

#ifndef CONFIG_LIVEPATCH
/* MODULE_INFO(livepatch, "Y") expands its tag before it makes a string of it. */
#define livepatch			klpx_livepatch
#endif

#define klp_func			klpx_func
#define klp_object			klpx_object
#define klp_patch			klpx_patch
#define klp_callbacks			klpx_callbacks
#define klp_state			klpx_state
#define klp_state_callbacks		klpx_state_callbacks
#define klp_shadow_ctor_t		klpx_shadow_ctor_t
#define klp_shadow_dtor_t		klpx_shadow_dtor_t

#define klp_enable_patch		klpx_enable_patch
#define klp_get_state			klpx_get_state
#define klp_get_prev_state		klpx_get_prev_state
#define klp_shadow_get			klpx_shadow_get
#define klp_shadow_alloc		klpx_shadow_alloc
#define klp_shadow_get_or_alloc		klpx_shadow_get_or_alloc
#define klp_shadow_free			klpx_shadow_free
#define klp_shadow_free_all		klpx_shadow_free_all

/* Walks over the arrays of a description. */
#define klp_for_each_object_static(patch, obj) \
	for (obj = (patch)->objs; obj->funcs || obj->name; obj++)
#define klp_for_each_func_static(obj, func) \
	for (func = (obj)->funcs; \
	     func->old_name || func->new_func || func->old_sympos; func++)

/* klpx.ko does not build without it. */
static inline bool klp_have_reliable_stack(void)
{
	return true;
}

#endif /* KLPX_UPSTREAM_H */
