// SPDX-License-Identifier: GPL-2.0
/*
 * What a patch module looks like on disk, without a kernel: .modinfo, the
 * module record, and a patch of two objects described in static data.
 */
#include <klpx/livepatch.h>

#define SECTION(name) __attribute__((section(name), used))

SECTION(".modinfo")
static const char modinfo[] = "name=test_fix\0"
			      "vermagic=6.12.0-test SMP mod_unload \0"
			      "license=GPL\0"
			      "depends=klpx,other\0"
			      "description=a test";

SECTION(".gnu.linkonce.this_module") struct module __this_module;

SECTION(".note.gnu.build-id")
static const unsigned char build_id[] = { 4, 0, 0, 0, 2,   0,	0,   0,	  3,
					  0, 0, 0, 'G', 'N', 'U', 0, 0xab, 0xcd };

int klp_enable_patch(void *patch);

static int new_open(void)
{
	return 1;
}

static int new_close(void)
{
	return 2;
}

static struct klpx_func vmlinux_funcs[] = {
	{ .old_name = "do_open", .new_func = new_open },
	{ .old_name = "do_close", .new_func = new_close, .old_sympos = 2 },
	{}
};

static struct klpx_func other_funcs[] = {
	{ .old_name = "other_open", .new_func = new_open },
	{}
};

static struct klpx_object objects[] = {
	{ .funcs = vmlinux_funcs },
	{ .name = "other", .funcs = other_funcs },
	{}
};

/* Starts with a pointer to the module too, as a file_operations does. */
struct decoy {
	struct module *owner;
	int (*open)(void);
};

struct decoy decoy = { THIS_MODULE, new_open };

struct klpx_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
	.version = 12,
};

int init_module(void)
{
#if defined(ENGINE_KLPX)
	return klpx_enable_patch(&patch);
#elif defined(ENGINE_KERNEL)
	return klp_enable_patch(&patch);
#else
	return decoy.open();
#endif
}
