/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by all fixture patches: a patch of the vmlinux functions given as
 * arguments of FIXTURE_PATCH, enabled when the module is loaded; by stopping
 * the machine if asked to.
 */
#ifndef KLPX_TESTS_FIXTURE_H
#define KLPX_TESTS_FIXTURE_H

#include <linux/module.h>
#include <linux/seq_file.h>
#include <klpx/livepatch.h>

#define FIXTURE_PATCH(...)                                                     \
	static struct klpx_func fixture_funcs[] = { __VA_ARGS__, {} };         \
	static struct klpx_object fixture_objs[] = {                           \
		{ .funcs = fixture_funcs },                                    \
		{}                                                             \
	};                                                                     \
	static struct klpx_patch fixture_patch = {                             \
		.mod = THIS_MODULE,                                            \
		.objs = fixture_objs,                                          \
	};                                                                     \
	static bool stop_machine;                                              \
	module_param(stop_machine, bool, 0);                                   \
	static int __init fixture_enable(void)                                 \
	{                                                                      \
		if (stop_machine)                                              \
			fixture_patch.model = KLPX_MODEL_STOP_MACHINE;         \
		return klpx_enable_patch(&fixture_patch);                      \
	}                                                                      \
	FIXTURE_MODULE(fixture_enable())

/* A module whose init returns the value of an expression, and an empty exit. */
#define FIXTURE_MODULE(expression)                                             \
	static int __init fixture_init(void)                                   \
	{                                                                      \
		return expression;                                             \
	}                                                                      \
	static void __exit fixture_exit(void)                                  \
	{                                                                      \
	}                                                                      \
	module_init(fixture_init);                                             \
	module_exit(fixture_exit);                                             \
	MODULE_LICENSE("GPL");                                                 \
	MODULE_DESCRIPTION("klpx test fixture")

/* A replacement for version_proc_show(): /proc/version says text. */
#define FIXTURE_VERSION_SHOW(text)                                             \
	static int fixture_version_proc_show(struct seq_file *m, void *v)      \
	{                                                                      \
		seq_puts(m, text "\n");                                        \
		return 0;                                                      \
	}

#define FIXTURE_FUNC(old, new) { .old_name = (old), .new_func = (new) }

#endif /* KLPX_TESTS_FIXTURE_H */
