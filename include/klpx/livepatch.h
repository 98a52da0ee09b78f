/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the author of a patch module includes: descriptions of what to replace,
 * klpx_enable_patch(), states and shadow variables. The model is that of the
 * kernel's own livepatch (Documentation/livepatch/), of which this is a
 * superset; klpx/upstream.h builds sources written for it.
 * docs/PATCH-AUTHORS.md has examples.
 *
 * The structures are descriptions: the engine keeps its own records beside
 * them and writes to none, so they may be const or __ro_after_init. (The
 * pointers to objects, functions and states are to what is not const, because
 * sources written for the kernel's livepatch fill the arrays through them.)
 * They, the strings and the functions they point at must live as long as the
 * patch module: static data of it, or memory that it frees in its
 * module_exit(). What would be gone earlier (__initdata, the stack of
 * module_init()) is refused.
 */
#ifndef KLPX_LIVEPATCH_H
#define KLPX_LIVEPATCH_H

/*
 * A source that has upstream.h in front says itself what it includes, and when.
 */
#ifndef KLPX_UPSTREAM_H
#include <linux/module.h>
#endif
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

#include <klpx/abi.h>

struct module;

struct klpx_object;
struct klpx_patch;
struct klpx_state;

/**
 * struct klpx_func - one function and what replaces it
 * @old_name:	name of the function in @object's symbol table
 * @new_func:	the replacement; same prototype, same calling context
 * @old_sympos:	which one, if several symbols of the object have this name:
 *		1 is the first in the object's symbol table, 0 says the name
 *		is unique (anything else is refused with -EINVAL)
 *
 * An array of these ends with an empty element.
 */
struct klpx_func {
	const char *old_name;
	void *new_func;
	unsigned long old_sympos;
};

/**
 * struct klpx_callbacks - called around the patching of one object
 * @pre_patch:		before its functions are redirected; an error stops
 *			the enable, or the load of the target module
 * @post_patch:		after the transition to patched, or at once when the
 *			target module is loaded into a patched system
 * @pre_unpatch:	before the transition to unpatched, or before the
 *			target module goes
 * @post_unpatch:	after its functions are no longer redirected; only if
 *			@pre_patch succeeded (or there is none)
 * @post_unpatch_enabled: not used; klp-build, which writes these down in a
 *			section of the module, has a member here
 *
 * Only for objects that are loaded. All may sleep; the engine's mutex is held,
 * so they must not enable or disable patches, nor load modules that are
 * patched, nor register module notifiers. A patch that has threads of its own
 * stops them in @pre_unpatch: while one runs code of the module, the
 * transition to unpatched does not complete. A reversal calls no pre-callback
 * again. In an atomic replace only the new patch's callbacks run. A callback is
 * given a copy of the object.
 *
 * Source: Documentation/livepatch/callbacks.rst.
 */
struct klpx_callbacks {
	int (*pre_patch)(struct klpx_object *obj);
	void (*post_patch)(struct klpx_object *obj);
	void (*pre_unpatch)(struct klpx_object *obj);
	void (*post_unpatch)(struct klpx_object *obj);
	bool post_unpatch_enabled;
};

/**
 * struct klpx_object - the functions to replace in one object
 * @name:	NULL for vmlinux, otherwise the name of a module, which may be
 *		loaded, unloaded and loaded again at any time
 * @funcs:	its functions; may be empty if there are callbacks
 * @callbacks:	optional
 * @mod:	in the copy that callbacks are given: the target module while it is
 *		loaded; in a description not used
 *
 * An array of these ends with an empty element.
 */
struct klpx_object {
	const char *name;
	struct klpx_func *funcs;
	struct klpx_callbacks callbacks;
	struct module *mod;
};

/*
 * Called with a new shadow variable, or with one that is freed; under a
 * spinlock with interrupts off. An error of the constructor is an error of the
 * allocation.
 */
typedef int (*klpx_shadow_ctor_t)(void *obj, void *shadow_data,
				  void *ctor_data);
typedef void (*klpx_shadow_dtor_t)(void *obj, void *shadow_data);

/**
 * struct klpx_state_callbacks - called when a state enters or leaves the system
 * @pre_patch:		before the functions of the patch that brings the state
 *			are redirected; an error stops the enable
 * @post_patch:		when the transition that brings it has completed; also
 *			when a transition that would have taken it away has
 *			been reversed
 * @pre_unpatch:	before the transition that takes it away starts
 * @post_unpatch:	when that has completed (or the one that brought it has
 *			been reversed), if @pre_patch succeeded
 * @shadow_dtor:	for states with &klpx_state.is_shadow
 *
 * Not called if another patch on the machine has a state with this id: then it
 * neither enters nor leaves. Context as for struct klpx_callbacks.
 *
 * Source: "livepatch: Better integrate callbacks and shadow variables with the
 * states API", v1, January 2025.
 */
struct klpx_state_callbacks {
	int (*pre_patch)(struct klpx_patch *patch, struct klpx_state *state);
	void (*post_patch)(struct klpx_patch *patch, struct klpx_state *state);
	void (*pre_unpatch)(struct klpx_patch *patch, struct klpx_state *state);
	void (*post_unpatch)(struct klpx_patch *patch, struct klpx_state *state);
	klpx_shadow_dtor_t shadow_dtor;
};

/**
 * struct klpx_state - a change of the system that a patch makes beside its code
 * @id:		names the change; not 0; two of one patch must differ
 * @version:	for states without any of the members below: a patch may not
 *		bring a lower version than the one installed
 * @data:	the author's; handed on with klpx_get_prev_state()
 * @callbacks:	optional
 * @block_disable: the change cannot be taken back: a patch that holds the state
 *		alone cannot be disabled, and can be replaced only by one that
 *		has it too
 * @is_shadow:	@id is that of shadow variables; they are freed when the state
 *		leaves the system. On a kernel with a livepatch of its own there
 *		is one store for the patches of both engines, so those that a
 *		patch of the kernel's engine has under this id are freed as well
 * @name:	optional; two patches with the same id and different names are
 *		not compatible
 *
 * An array of these ends with an element whose @id is 0.
 */
struct klpx_state {
	unsigned long id;
	unsigned int version;
	void *data;
	struct klpx_state_callbacks callbacks;
	bool block_disable;
	bool is_shadow;
	const char *name;
};

/**
 * struct klpx_patch - a live patch
 * @mod:	THIS_MODULE
 * @objs:	what to replace, by object
 * @states:	optional
 * @replace:	replace all patches of the same @replace_set: their functions
 *		that this patch does not have go back to the original, and they
 *		are disabled, all in one transition
 * @replace_set: independent streams of patches; patches of different sets may
 *		not touch the same function or state
 * @version:	optional; shown in sysfs and by klp-controller, never compared
 * @model:	optional; the per-task model if not set (klpx/abi.h)
 */
struct klpx_patch {
	struct module *mod;
	struct klpx_object *objs;
	struct klpx_state *states;
	bool replace;
	unsigned int replace_set;
	unsigned int version;
	enum klpx_model model;
};

static_assert(offsetof(struct klpx_patch, objs) == KLPX_PATCH_OBJS_OFFSET);
static_assert(offsetof(struct klpx_patch, states) == KLPX_PATCH_STATES_OFFSET);
static_assert(offsetof(struct klpx_patch, replace) ==
	      KLPX_PATCH_REPLACE_OFFSET);
static_assert(offsetof(struct klpx_patch, replace_set) ==
	      KLPX_PATCH_REPLACE_SET_OFFSET);
static_assert(offsetof(struct klpx_patch, version) ==
	      KLPX_PATCH_VERSION_OFFSET);
static_assert(offsetof(struct klpx_patch, model) == KLPX_PATCH_MODEL_OFFSET);
static_assert(offsetof(struct klpx_object, funcs) == KLPX_OBJECT_FUNCS_OFFSET);
static_assert(offsetof(struct klpx_object, callbacks) ==
	      KLPX_OBJECT_CALLBACKS_OFFSET);
static_assert(sizeof(struct klpx_object) == KLPX_OBJECT_SIZE);
static_assert(offsetof(struct klpx_func, new_func) == KLPX_FUNC_NEW_OFFSET);
static_assert(offsetof(struct klpx_func, old_sympos) ==
	      KLPX_FUNC_SYMPOS_OFFSET);
static_assert(sizeof(struct klpx_func) == KLPX_FUNC_SIZE);
static_assert(offsetof(struct klpx_state, id) == KLPX_STATE_ID_OFFSET);
static_assert(offsetof(struct klpx_state, version) ==
	      KLPX_STATE_VERSION_OFFSET);
static_assert(offsetof(struct klpx_state, callbacks) ==
	      KLPX_STATE_CALLBACKS_OFFSET);
static_assert(offsetof(struct klpx_state_callbacks, shadow_dtor) ==
	      4 * sizeof(void *));
static_assert(offsetof(struct klpx_state, block_disable) ==
	      KLPX_STATE_BLOCK_DISABLE_OFFSET);
static_assert(offsetof(struct klpx_state, is_shadow) ==
	      KLPX_STATE_IS_SHADOW_OFFSET);
static_assert(offsetof(struct klpx_state, name) == KLPX_STATE_NAME_OFFSET);
static_assert(sizeof(struct klpx_state) == KLPX_STATE_SIZE);

/*
 * What the caller of __klpx_enable_patch() was compiled with: the number, which
 * is raised whenever a structure above changes, and the size of the first one.
 * klpx.ko refuses another, since what it would read is something else.
 */
#define KLPX_LIVEPATCH_ABI \
	((KLPX_LIVEPATCH_VERSION << 16) | sizeof(struct klpx_patch))

/*
 * The same; @marked: and refuse a module without MODULE_INFO(livepatch, "Y").
 */
int __klpx_enable_patch(const struct klpx_patch *patch, struct module *mod,
			unsigned long abi, bool marked);

/**
 * klpx_enable_patch() - redirect the functions and start moving every task
 * @patch:	the description (const struct klpx_patch *)
 *
 * Called once, from module_init() of the patch module, never again. When it
 * returns 0 the functions are redirected and the pre_patch callbacks have run;
 * tasks are switched when module_init() has returned 0 too, and not at all if
 * it fails (with KLPX_MODEL_STOP_MACHINE they have been, and will be switched
 * back). The patch is disabled by writing 0 to
 * /sys/kernel/klpx/<module>/enabled; the module can be removed when that
 * transition has ended.
 *
 * Context: process context, may sleep, takes the engine's mutex.
 *
 * Return: 0, or with everything as it was before:
 *   -EINVAL   a member is missing or too long, or points at what is not there
 *             or does not stay; @mod is not THIS_MODULE; an object's name is
 *             that of no module, or of a file in the patch's directory; no such
 *             function; the name is ambiguous or @old_sympos too large; the
 *             function cannot be traced; a replacement is not the start of a
 *             function of this module; the states do not fit those installed;
 *             another @replace_set has one of the functions or states; not
 *             called from module_init(); compiled with another livepatch.h
 *   -EBUSY    another transition runs, or another user of ftrace (the
 *             kernel's livepatch) already redirects one of the functions, or
 *             kernel.ftrace_enabled is 0, or a task is in the way of
 *             KLPX_MODEL_STOP_MACHINE
 *   -EEXIST   this module has a patch already; a function is listed twice,
 *             under one name or two; an object is listed twice
 *   -EAGAIN   a BPF trampoline on one of the functions was being changed, and
 *             still was a second later: try again
 *   -ENOENT   the size of a function, or of a part of it that the compiler
 *             moved away, is not known
 *   -ENODEV   the module is on its way out; or ftrace has shut itself down
 *             over a bug, and nothing can be redirected until reboot
 *   -ENOMEM   out of memory
 *   any other the error of a pre_patch callback, or of the attached policy
 *             (klpx/policy.h)
 */
#define klpx_enable_patch(patch) \
	__klpx_enable_patch(patch, THIS_MODULE, KLPX_LIVEPATCH_ABI, false)

/**
 * klpx_get_state() - a patch's own state
 * @patch:	the patch
 * @id:		which
 * Context: callbacks, and code of the patch.
 * Return: the element of @patch->states, or NULL.
 */
struct klpx_state *klpx_get_state(const struct klpx_patch *patch,
				  unsigned long id);

/**
 * klpx_get_prev_state() - the state as the patches before this one have it
 * @id:		which
 * Context: callbacks, which keep the patches from changing; nowhere else. NULL
 * (and a warning, once) if no patch is in transition.
 * Return: the element of the latest patch installed before the one in
 * transition that has it, or NULL.
 */
struct klpx_state *klpx_get_prev_state(unsigned long id);

/**
 * klpx_shadow_get() - the shadow variable of an object
 * @obj:	the object it belongs to; only its address matters
 * @id:		which of the object's shadow variables
 * Context: any; the caller makes sure that it is not freed meanwhile.
 * Return: its data, or NULL.
 */
void *klpx_shadow_get(void *obj, unsigned long id);

/**
 * klpx_shadow_alloc() - give an object a new shadow variable
 * @obj:	the object
 * @id:		which
 * @size:	of the data, in bytes; zeroed
 * @gfp_flags:	for the allocation
 * @ctor:	optional
 * @ctor_data:	for @ctor
 * Return: its data; NULL without memory, if @ctor failed, or (with a warning)
 * if it is there already.
 */
void *klpx_shadow_alloc(void *obj, unsigned long id, size_t size,
			gfp_t gfp_flags, klpx_shadow_ctor_t ctor,
			void *ctor_data);

/**
 * klpx_shadow_get_or_alloc() - the existing one, or a new one
 * Parameters as klpx_shadow_alloc(); @ctor is called for a new one only.
 * Return: its data; NULL without memory or if @ctor failed.
 */
void *klpx_shadow_get_or_alloc(void *obj, unsigned long id, size_t size,
			       gfp_t gfp_flags, klpx_shadow_ctor_t ctor,
			       void *ctor_data);

/**
 * klpx_shadow_free() - free the shadow variable of an object, if it has one
 * @obj:	the object
 * @id:		which
 * @dtor:	optional
 * The memory is given back after an RCU grace period.
 */
void klpx_shadow_free(void *obj, unsigned long id, klpx_shadow_dtor_t dtor);

/**
 * klpx_shadow_free_all() - free those of all objects
 * @id:		which
 * @dtor:	optional
 * On a kernel with a livepatch of its own this is klp_shadow_free_all(), which
 * keeps interrupts off for as long as it walks over all shadow variables.
 */
void klpx_shadow_free_all(unsigned long id, klpx_shadow_dtor_t dtor);

/**
 * klpx_find_section() - a section of a module that is marked as a livepatch
 * @mod:	the module
 * @name:	of the section
 * @size:	its length in bytes, 0 if there is none
 * Context: any.
 * Return: its address; NULL if there is none, or if the loader has not kept the
 * headers, which takes MODULE_INFO(livepatch, "Y") and CONFIG_LIVEPATCH.
 */
void *klpx_find_section(const struct module *mod, const char *name,
			size_t *size);

#endif /* KLPX_LIVEPATCH_H */
