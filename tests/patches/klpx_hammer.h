/* SPDX-License-Identifier: GPL-2.0 */
/* The function that klpx_hammer.ko calls, and its patches. */
#ifndef KLPX_TESTS_HAMMER_H
#define KLPX_TESTS_HAMMER_H

#include "fixture.h"

unsigned int klpx_hammer_target(unsigned int x);

#define HAMMER_PATCH(value)                                                    \
	static unsigned int hammer_value(unsigned int x)                       \
	{                                                                      \
		return x + (value);                                            \
	}                                                                      \
	static struct klpx_func funcs[] = {                                    \
		{ .old_name = "klpx_hammer_target", .new_func = hammer_value },\
		{}                                                             \
	};                                                                     \
	static struct klpx_object objs[] = {                                   \
		{ .name = "klpx_hammer", .funcs = funcs },                     \
		{}                                                             \
	};                                                                     \
	static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = objs }; \
	FIXTURE_MODULE(klpx_enable_patch(&patch))

#endif /* KLPX_TESTS_HAMMER_H */
