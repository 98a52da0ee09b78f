// SPDX-License-Identifier: GPL-2.0
/*
 * A patch for the kernel's livepatch as each builder makes it: STATIC (a
 * struct klp_patch with the members of a made-up kernel), KPATCH (kpatch-build)
 * and KLP (klp-build). BROKEN: with a table of an odd size. ENGINE_KLPX: the
 * same patch, but it calls klpx_enable_patch().
 */
#include "module_head.h"

#ifdef ENGINE_KLPX
#define enable klpx_enable_patch
#else
int klp_enable_patch(void *patch);
#define enable klp_enable_patch
#endif

static int new_open(void)
{
	return 1;
}

static int before(void *object)
{
	return !object;
}

#if defined(STATIC)
struct klp_func {
	const char *old_name;
	long inserted;
	void *new_func;
	unsigned long old_sympos;
};
struct klp_object {
	const char *name;
	struct klp_func *funcs;
	long inserted[2];
	void *callbacks[4];
};
struct klp_patch {
	struct module *mod;
	long inserted;
	struct klp_object *objs;
	bool replace;
};
static struct klp_func funcs[] = {
	{ .old_name = "do_open", .new_func = new_open, .old_sympos = 3 },
	{}
};
static struct klp_object objects[] = {
	{ .name = "ext4", .funcs = funcs, .callbacks = { before } },
	{}
};
struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
	.replace = true,
};
#elif defined(KPATCH)
struct kpatch_patch_func {
	void *new_addr;
	unsigned long new_size, old_addr, old_size, sympos;
	const char *name, *objname;
};
SECTION(".kpatch.funcs")
static struct kpatch_patch_func functions[] = {
	{ .new_addr = new_open, .name = "do_open", .objname = "vmlinux" },
	{ .new_addr = new_open, .sympos = 2, .name = "ext4_open",
	  .objname = "ext4" },
};
#ifdef BROKEN
SECTION(".kpatch.funcs") static char rest = 1;
#endif
#else
struct klp_func_ext {
	const char *old_name;
	void *new_func;
	unsigned long sympos;
};
struct klp_callbacks {
	int (*pre_patch)(void *object);
	void *others[3];
	bool post_unpatch_enabled;
};
struct klp_object_ext {
	const char *name;
	struct klp_func_ext *funcs;
	struct klp_callbacks callbacks;
	unsigned int nr_funcs;
};
SECTION(".init.klp_funcs")
static struct klp_func_ext functions[] = {
	{ "do_open", new_open, 0 },
	{ "do_close", new_open, 2 },
};
SECTION(".init.klp_objects")
static struct klp_object_ext objects[] = {
	{ .funcs = functions, .callbacks = { before }, .nr_funcs = 2 },
	{ .name = "ext4", .funcs = functions, .nr_funcs = 1 },
};
#ifdef BROKEN
SECTION(".init.klp_objects") static char rest = 1;
#endif
#endif

int init_module(void)
{
	return enable((void *)before);
}
