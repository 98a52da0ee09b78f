// SPDX-License-Identifier: GPL-2.0
/*
 * Shadow variables: data that a patch attaches to existing objects. A hash
 * from (object, id) to data; klpx/livepatch.h documents the functions. Only for
 * a kernel without CONFIG_LIVEPATCH, which has no such store (shadow_kernel.c).
 *
 * They outlive the patch that made them, unless they belong to a state with
 * is_shadow (states.c). When klpx.ko goes, so do they.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hashtable.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <klpx/livepatch.h>

#include "shadow.h"

#define KLPX_SHADOW_BITS	12

struct shadow {
	struct hlist_node node;
	struct rcu_head rcu_head;
	void *obj;
	unsigned long id;
	char data[] __aligned(8);
};

/* Changed under shadow_lock, read under RCU. */
static DEFINE_HASHTABLE(shadows, KLPX_SHADOW_BITS);
static DEFINE_SPINLOCK(shadow_lock);

static struct shadow *find_shadow(void *obj, unsigned long id)
{
	struct shadow *shadow;

	hash_for_each_possible_rcu(shadows, shadow, node, (unsigned long)obj,
				   lockdep_is_held(&shadow_lock))
		if (shadow->obj == obj && shadow->id == id)
			return shadow;
	return NULL;
}

void *klpx_shadow_get(void *obj, unsigned long id)
{
	struct shadow *shadow;

	rcu_read_lock();
	shadow = find_shadow(obj, id);
	rcu_read_unlock();
	return shadow ? shadow->data : NULL;
}
EXPORT_SYMBOL_GPL(klpx_shadow_get);

/*
 * Put @new in place unless there is one already, which is then returned with
 * @new unused. An error pointer if the constructor fails.
 */
static struct shadow *insert_shadow(struct shadow *new, klpx_shadow_ctor_t ctor,
				    void *ctor_data)
{
	struct shadow *old;
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&shadow_lock, flags);
	old = find_shadow(new->obj, new->id);
	if (!old) {
		/*
		 * Under the lock, so that it is not seen half made, nor made
		 * twice.
		 */
		if (ctor)
			ret = ctor(new->obj, new->data, ctor_data);
		if (!ret)
			hash_add_rcu(shadows, &new->node,
				     (unsigned long)new->obj);
	}
	spin_unlock_irqrestore(&shadow_lock, flags);

	if (ret) {
		pr_err("Failed to construct shadow variable <%p, %lx> (%d)\n",
		       new->obj, new->id, ret);
		return ERR_PTR(ret);
	}
	return old ?: new;
}

static void *make_shadow(void *obj, unsigned long id, size_t size,
			 gfp_t gfp_flags, klpx_shadow_ctor_t ctor,
			 void *ctor_data, bool get)
{
	struct shadow *new, *in_place;
	void *data = get ? klpx_shadow_get(obj, id) : NULL;

	if (data)
		return data;

	new = kzalloc(struct_size(new, data, size), gfp_flags);
	if (!new)
		return NULL;
	new->obj = obj;
	new->id = id;

	in_place = insert_shadow(new, ctor, ctor_data);
	if (in_place == new)
		return new->data;

	kfree(new);
	if (IS_ERR(in_place))
		return NULL;
	if (!get) {
		WARN(1, "Duplicate shadow variable <%p, %lx>\n", obj, id);
		return NULL;
	}
	return in_place->data;
}

void *klpx_shadow_alloc(void *obj, unsigned long id, size_t size,
			gfp_t gfp_flags, klpx_shadow_ctor_t ctor,
			void *ctor_data)
{
	return make_shadow(obj, id, size, gfp_flags, ctor, ctor_data, false);
}
EXPORT_SYMBOL_GPL(klpx_shadow_alloc);

void *klpx_shadow_get_or_alloc(void *obj, unsigned long id, size_t size,
			       gfp_t gfp_flags, klpx_shadow_ctor_t ctor,
			       void *ctor_data)
{
	return make_shadow(obj, id, size, gfp_flags, ctor, ctor_data, true);
}
EXPORT_SYMBOL_GPL(klpx_shadow_get_or_alloc);

static void remove_shadow(struct shadow *shadow, klpx_shadow_dtor_t dtor)
{
	hash_del_rcu(&shadow->node);
	if (dtor)
		dtor(shadow->obj, shadow->data);
	kfree_rcu(shadow, rcu_head);
}

void klpx_shadow_free(void *obj, unsigned long id, klpx_shadow_dtor_t dtor)
{
	struct shadow *shadow;
	unsigned long flags;

	spin_lock_irqsave(&shadow_lock, flags);
	shadow = find_shadow(obj, id);
	if (shadow)
		remove_shadow(shadow, dtor);
	spin_unlock_irqrestore(&shadow_lock, flags);
}
EXPORT_SYMBOL_GPL(klpx_shadow_free);

void klpx_shadow_free_all(unsigned long id, klpx_shadow_dtor_t dtor)
{
	struct hlist_node *next;
	struct shadow *shadow;
	unsigned long flags;
	int i;

	/* A bucket at a time: millions must not keep interrupts off. */
	for (i = 0; i < HASH_SIZE(shadows); i++) {
		spin_lock_irqsave(&shadow_lock, flags);
		hlist_for_each_entry_safe(shadow, next, &shadows[i], node)
			if (shadow->id == id)
				remove_shadow(shadow, dtor);
		spin_unlock_irqrestore(&shadow_lock, flags);
	}
}
EXPORT_SYMBOL_GPL(klpx_shadow_free_all);

void klpx_shadow_exit(void)
{
	struct hlist_node *next;
	struct shadow *shadow;
	int i;

	/* No patch is left that could look one up. */
	hash_for_each_safe(shadows, i, next, shadow, node) {
		hash_del(&shadow->node);
		kfree(shadow);
	}
}
