/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parameters of every module that traces a function of
 * klpx_coexist_target.ko: its name, how often it was seen, and what it returned
 * last (-1: not known).
 */
#ifndef KLPX_TESTS_COEXIST_PROBE_H
#define KLPX_TESTS_COEXIST_PROBE_H

#include <linux/ftrace.h>
#include <linux/module.h>

static char *function = "klpx_coexist_value";
module_param(function, charp, 0444);

static unsigned int hits;
module_param(hits, uint, 0444);

static int returned = -1;
module_param(returned, int, 0444);

/* Not atomic: only one task calls the functions at a time. */
static inline notrace void coexist_seen(void)
{
	WRITE_ONCE(hits, hits + 1);
}

static inline notrace void coexist_returned(long value)
{
	WRITE_ONCE(returned, value);
}

#define COEXIST_MODULE(init_expression, exit_expression)                       \
	static int __init coexist_init(void)                                   \
	{                                                                      \
		return init_expression;                                        \
	}                                                                      \
	static void __exit coexist_exit(void)                                  \
	{                                                                      \
		exit_expression;                                               \
	}                                                                      \
	module_init(coexist_init);                                             \
	module_exit(coexist_exit);                                             \
	MODULE_LICENSE("GPL");                                                 \
	MODULE_DESCRIPTION("klpx test fixture")

#endif /* KLPX_TESTS_COEXIST_PROBE_H */
