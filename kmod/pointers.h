/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the pointers of a description lead. They are an author's: each may be
 * anything, so nothing here reads through one without asking first.
 */
#ifndef KLPX_POINTERS_H
#define KLPX_POINTERS_H

#include <linux/module.h>
#include <linux/types.h>

/* Copies @size bytes; false if not all of them can be read. */
bool klpx_read(void *to, const void *from, size_t size);

/*
 * Copies a string that may run off its page. -EFAULT: it does, or there is
 * none. -E2BIG: no NUL among its first @size bytes.
 */
int klpx_read_name(char *to, const char *from, size_t size);

/*
 * Will what is at @at stay when module_init() of @mod, whose task is the
 * current one, has returned? Not in the module's init memory, nor on the stack.
 */
bool klpx_stays(const struct module *mod, const void *at, size_t size);

/*
 * Is @addr the start of a function that stays? NULL, or what is wrong with it.
 */
const char *klpx_why_no_function(const struct module *mod, unsigned long addr);

/* The same of each that is not 0; @why is that of the first. */
bool klpx_are_functions(const struct module *mod, const unsigned long *addrs,
			size_t n, const char **why);

/* How the log says that klpx_stays() is false. */
#define KLPX_GOES "is gone when module_init() has returned (__initdata, or its stack)"

/*
 * @element of @array, copied; NULL, or what is wrong with them all, as the end of
 * a sentence.
 */
const char *klpx_why_no_element(const struct module *mod, const void *array,
				const void *element, void *copy, size_t size);

/*
 * An array without its empty last element leads out of the module that it is
 * in; @end is behind the element to be looked at. (An array that the module has
 * allocated has no end that could be known.)
 */
static inline bool klpx_ran_out(const struct module *mod, const void *array,
				const void *end)
{
	return within_module((unsigned long)array, mod) &&
	       !within_module((unsigned long)end - 1, mod);
}

#endif /* KLPX_POINTERS_H */
