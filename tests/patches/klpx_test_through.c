// SPDX-License-Identifier: GPL-2.0
/*
 * Patches up to six vmlinux functions named by its parameter, whatever they
 * are: each replacement counts its calls and runs the original's body, after
 * its entry. So functions that cannot be rewritten here (do_exit()) can be
 * patched, and a task in one of them has the replacement on its stack.
 *
 * Arguments are passed on in registers; a result of one word is returned.
 */

#include <linux/atomic.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/static_call.h>
#include "fixture.h"

#define SLOTS 6

static char *funcs[SLOTS];
static int nr_funcs;
module_param_array(funcs, charp, &nr_funcs, 0);
static atomic_long_t calls[SLOTS];

static int calls_get(char *buffer, const struct kernel_param *param)
{
	int i, n = 0;

	for (i = 0; i < nr_funcs; i++)
		n += sysfs_emit_at(buffer, n, "%s %ld\n", funcs[i],
				   atomic_long_read(&calls[i]));
	return n;
}
static const struct kernel_param_ops calls_ops = { .get = calls_get };
module_param_cb(calls, &calls_ops, NULL, 0444);

static unsigned long nothing1(unsigned long arg)
{
	return 0;
}
DEFINE_STATIC_CALL(lookup_name, nothing1);
DEFINE_STATIC_CALL(location, nothing1);

static long nothing(long a, long b, long c, long d, long e, long f)
{
	return 0;
}

#define SLOT(n)                                                                \
	DEFINE_STATIC_CALL(original##n, nothing);                              \
	static long through##n(long a, long b, long c, long d, long e, long f) \
	{                                                                      \
		long ret;                                                      \
                                                                               \
		atomic_long_inc(&calls[n]);                                    \
		ret = static_call(original##n)(a, b, c, d, e, f);              \
		barrier(); /* not a tail call: we are on the stack */          \
		return ret;                                                    \
	}
SLOT(0)
SLOT(1)
SLOT(2)
SLOT(3)
SLOT(4)
SLOT(5)

static void *const through[SLOTS] = { through0, through1, through2,
				      through3, through4, through5 };
static struct klpx_func patched[SLOTS + 1];
static struct klpx_object objs[] = { { .funcs = patched }, {} };
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs };

/* Called directly, as kmod/symbols.c explains. */
static int find_lookup(void)
{
	static struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long addr;

	if (register_kprobe(&probe))
		return -ENOENT;
	addr = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	static_call_update(lookup_name, (void *)addr);
	addr = static_call(lookup_name)((unsigned long)"ftrace_location");
	if (!addr)
		return -ENOENT;
	static_call_update(location, (void *)addr);
	return 0;
}

static unsigned long body_of(const char *name)
{
	unsigned long addr = static_call(lookup_name)((unsigned long)name);

	if (addr)
		addr = static_call(location)(addr);
	return addr ? addr + MCOUNT_INSN_SIZE : 0;
}

static int enable(void)
{
	unsigned long body[SLOTS];
	int i, ret = find_lookup();

	for (i = 0; i < nr_funcs && !ret; i++) {
		body[i] = body_of(funcs[i]);
		ret = body[i] ? 0 : -ENOENT;
		patched[i] = (struct klpx_func)FIXTURE_FUNC(funcs[i], through[i]);
	}
	if (ret)
		return ret;
#define BODY(n)                                                                \
	if (nr_funcs > n)                                                      \
		static_call_update(original##n, (void *)body[n])
	BODY(0);
	BODY(1);
	BODY(2);
	BODY(3);
	BODY(4);
	BODY(5);
	return klpx_enable_patch(&patch);
}

FIXTURE_MODULE(enable());
