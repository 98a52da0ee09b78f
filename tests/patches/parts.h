/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A function that sleeps until a signal in its cold range, which the compiler
 * has moved away from it (NAME.cold).
 */
#ifndef KLPX_TESTS_PARTS_H
#define KLPX_TESTS_PARTS_H

#include <linux/seq_file.h>
#include "model_helper.h"

/*
 * The path to a call of a cold function is cold. (The kernel's __cold is empty
 * with this compiler, for the sake of alignment.) The buffer has a size.
 */
#define PARTS_COLD(name, text)                                                 \
	static noinline __attribute__((cold)) void name##_note(                \
		struct seq_file *m)                                            \
	{                                                                      \
		seq_puts(m, "cold ");                                          \
	}                                                                      \
	static __used noinline void name(struct seq_file *m)                   \
	{                                                                      \
		if (m->size) {                                                 \
			name##_note(m);                                        \
			klpx_model_sleep();                                    \
		}                                                              \
		seq_puts(m, text);                                             \
	}

#endif /* KLPX_TESTS_PARTS_H */
