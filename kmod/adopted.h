/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A patch that was written and built for the kernel's own livepatch, as the
 * engine sees it: its struct klp_patch, translated into a struct klpx_patch.
 * adopt.c decides which patches are adopted.
 *
 * The translation is a copy that klpx.ko owns, names included. Afterwards klpx.ko
 * touches two things in the author's memory: the object that a callback is
 * given, whose .mod and .patched it writes as the kernel's livepatch does, and
 * the .data of its states, which authors change. docs/ADOPTION.md.
 */
#ifndef KLPX_ADOPTED_H
#define KLPX_ADOPTED_H

#include "records.h"

struct klp_object;
struct klp_patch;
struct klp_state;
struct klpx_adopted_object;

struct klpx_adopted {
	struct klpx_patch desc;
	struct klpx_adopted_object *objects;	/* one for each of desc.objs */
	struct klp_state *states;		/* the author's desc.states */
	bool linked;				/* klpx_adopted_link() */
	/*
	 * The last record of the patch has gone. @forced: tasks may be in its
	 * code until reboot. Frees the translation; may sleep, no lock held.
	 */
	void (*release)(struct klpx_adopted *adopted, bool forced);
};

static inline bool klpx_is_adopted(const struct klpx_lpatch *patch)
{
	return IS_ENABLED(CONFIG_LIVEPATCH) && patch->adopted;
}

/*
 * The translation of @theirs, the patch of module @mod, whose module_init()
 * runs. ERR_PTR: -EINVAL, it is not what it should be (the log says what);
 * -ENOMEM. May sleep.
 */
struct klpx_adopted *klpx_adopted_new(struct klp_patch *theirs,
				      struct module *mod);
void klpx_adopted_free(struct klpx_adopted *adopted);

/*
 * The directory of @patch under /sys/kernel/livepatch: a link to ours, which
 * has files of the same names and meanings. 0, -ENOENT, -EEXIST or -ENOMEM.
 */
int klpx_adopted_link(struct klpx_lpatch *patch);
void klpx_adopted_unlink(struct klpx_lpatch *patch);

/* The record that klpx_lobject.adopted is to have: of element @i of .objs. */
struct klpx_adopted_object *klpx_adopted_object(const struct klpx_adopted *adopted,
						size_t i);

/* The callbacks of @obj, with its author's object. klpx_mutex held. */
int klpx_adopted_pre_patch(const struct klpx_lobject *obj);
void klpx_adopted_post_patch(const struct klpx_lobject *obj);
void klpx_adopted_pre_unpatch(const struct klpx_lobject *obj);
void klpx_adopted_post_unpatch(const struct klpx_lobject *obj);

/* The author's element for @state, which is one of .desc.states. */
struct klp_state *klpx_adopted_state(const struct klpx_adopted *adopted,
				     const struct klpx_state *state);

/* Bring the .data of @state, one of .desc.states, up to date. */
void klpx_adopted_refresh(const struct klpx_adopted *adopted,
			  struct klpx_state *state);

#endif /* KLPX_ADOPTED_H */
