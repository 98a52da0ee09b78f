// SPDX-License-Identifier: GPL-2.0
/*
 * Shadow variables on a kernel that has them already: there is one store for
 * patches of all kinds, the kernel's, so that a patch finds what another has
 * attached, whichever engine runs either. They outlive the patch that made them
 * unless they belong to a state with is_shadow (states.c), and klpx.ko too.
 */
#include <linux/livepatch.h>

#include <klpx/livepatch.h>

#include "shadow.h"

void *klpx_shadow_get(void *obj, unsigned long id)
{
	return klp_shadow_get(obj, id);
}
EXPORT_SYMBOL_GPL(klpx_shadow_get);

void *klpx_shadow_alloc(void *obj, unsigned long id, size_t size,
			gfp_t gfp_flags, klpx_shadow_ctor_t ctor,
			void *ctor_data)
{
	return klp_shadow_alloc(obj, id, size, gfp_flags, ctor, ctor_data);
}
EXPORT_SYMBOL_GPL(klpx_shadow_alloc);

void *klpx_shadow_get_or_alloc(void *obj, unsigned long id, size_t size,
			       gfp_t gfp_flags, klpx_shadow_ctor_t ctor,
			       void *ctor_data)
{
	return klp_shadow_get_or_alloc(obj, id, size, gfp_flags, ctor,
				       ctor_data);
}
EXPORT_SYMBOL_GPL(klpx_shadow_get_or_alloc);

void klpx_shadow_free(void *obj, unsigned long id, klpx_shadow_dtor_t dtor)
{
	klp_shadow_free(obj, id, dtor);
}
EXPORT_SYMBOL_GPL(klpx_shadow_free);

void klpx_shadow_free_all(unsigned long id, klpx_shadow_dtor_t dtor)
{
	klp_shadow_free_all(id, dtor);
}
EXPORT_SYMBOL_GPL(klpx_shadow_free_all);
