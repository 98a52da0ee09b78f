/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Builds patch sources written for the kernel's own livepatch, unchanged, for
 * klpx: force-include it (ccflags-y += -include klpx/upstream.h). Sources for
 * 6.12, for 7.x and for the proposed state API all compile; the structures are
 * a superset.
 *
 * It takes the place of <linux/livepatch.h>, which the source may include, but
 * not of what that includes: <linux/module.h> and the like are the source's to
 * name, as is its pr_fmt().
 *
 * The mark MODULE_INFO(livepatch, "Y") has the module loader write relocations
 * against vmlinux and keep what klpx.ko needs for those against modules; on a
 * kernel without CONFIG_LIVEPATCH it would have the loader refuse the module,
 * so there it becomes a mark of ours, which is not asked for.
 */
#ifndef KLPX_UPSTREAM_H
#define KLPX_UPSTREAM_H

/* The include guards of what this header stands in for. */
#define _LINUX_LIVEPATCH_H_
#define _LINUX_LIVEPATCH_EXTERNAL_H_

/*
 * Nothing that includes <linux/printk.h>: this comes before the source's
 * definition of pr_fmt(), which would be a redefinition then.
 */
#include <linux/stringify.h>

#include <klpx/livepatch.h>

#ifndef CONFIG_LIVEPATCH
/*
 * MODULE_INFO(livepatch, "Y") expands its tag before it makes a string of it.
 */
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

#define klp_get_state			klpx_get_state
#define klp_get_prev_state		klpx_get_prev_state
#define klp_shadow_get			klpx_shadow_get
#define klp_shadow_alloc		klpx_shadow_alloc
#define klp_shadow_get_or_alloc		klpx_shadow_get_or_alloc
#define klp_shadow_free			klpx_shadow_free
#define klp_shadow_free_all		klpx_shadow_free_all

/* As klpx_enable_patch(); and -EINVAL for a module without the mark. */
#define klp_enable_patch(patch) \
	__klpx_enable_patch(patch, THIS_MODULE, KLPX_LIVEPATCH_ABI, \
			    IS_ENABLED(CONFIG_LIVEPATCH))

/*
 * What <linux/livepatch_external.h> of 7.x has: the types that the macros of
 * <linux/livepatch_helpers.h> use, and the form in which klp-build writes down
 * a patch, for a source (its init.c) that makes a klp_patch of it.
 */
typedef int (*klp_pre_patch_t)(struct klp_object *obj);
typedef void (*klp_post_patch_t)(struct klp_object *obj);
typedef void (*klp_pre_unpatch_t)(struct klp_object *obj);
typedef void (*klp_post_unpatch_t)(struct klp_object *obj);

#define KLP_RELOC_SEC_PREFIX		".klp.rela."
#define KLP_SYM_PREFIX			".klp.sym."
#define __KLP_PRE_PATCH_PREFIX		__klp_pre_patch_callback_
#define __KLP_POST_PATCH_PREFIX		__klp_post_patch_callback_
#define __KLP_PRE_UNPATCH_PREFIX	__klp_pre_unpatch_callback_
#define __KLP_POST_UNPATCH_PREFIX	__klp_post_unpatch_callback_
#define KLP_PRE_PATCH_PREFIX		__stringify(__KLP_PRE_PATCH_PREFIX)
#define KLP_POST_PATCH_PREFIX		__stringify(__KLP_POST_PATCH_PREFIX)
#define KLP_PRE_UNPATCH_PREFIX		__stringify(__KLP_PRE_UNPATCH_PREFIX)
#define KLP_POST_UNPATCH_PREFIX		__stringify(__KLP_POST_UNPATCH_PREFIX)

struct klp_func_ext {
	const char *old_name;
	void *new_func;
	unsigned long sympos;
};

struct klp_object_ext {
	const char *name;
	struct klp_func_ext *funcs;
	struct klp_callbacks callbacks;
	unsigned int nr_funcs;
};

#define klp_find_section_by_name	klpx_find_section

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
