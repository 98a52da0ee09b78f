// SPDX-License-Identifier: GPL-2.0
/* Where the pointers of a description lead; see pointers.h. */
#include <linux/sched/task_stack.h>
#include <linux/uaccess.h>

#include "pointers.h"
#include "symbols.h"

bool klpx_read(void *to, const void *from, size_t size)
{
	return !copy_from_kernel_nofault(to, from, size);
}

/* strncpy_from_kernel_nofault() is not exported. */
int klpx_read_name(char *to, const char *from, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (!klpx_read(&to[i], from + i, 1))
			return -EFAULT;
		if (!to[i])
			return 0;
	}
	return -E2BIG;
}

bool klpx_stays(const struct module *mod, const void *at, size_t size)
{
	const void *last = at + size - 1;

	return !within_module_init((unsigned long)at, mod) &&
	       !within_module_init((unsigned long)last, mod) &&
	       !object_is_on_stack(at) && !object_is_on_stack(last);
}

/*
 * kallsyms knows every symbol of a module while its module_init() runs, static
 * functions and data among them; a module that was stripped has lost some, and
 * with them the sizes that the stack is compared with.
 */
const char *klpx_why_no_function(const struct module *mod, unsigned long addr)
{
	unsigned long size, offset;

	if (within_module_init(addr, mod))
		return "is __init, gone when module_init() has returned";
	if (!klpx_sym_kernel_text(addr))
		return "is no code";
	if (!klpx_sym_kallsyms_size(addr, &size, &offset))
		return "has no symbol; was the module stripped?";
	if (offset)
		return "points into a function, not at its start; or was the module stripped?";
	return NULL;
}

bool klpx_are_functions(const struct module *mod, const unsigned long *addrs,
			size_t n, const char **why)
{
	for (*why = NULL; n-- && !*why; addrs++)
		if (*addrs)
			*why = klpx_why_no_function(mod, *addrs);
	return !*why;
}

const char *klpx_why_no_element(const struct module *mod, const void *array,
				const void *element, void *copy, size_t size)
{
	if (klpx_ran_out(mod, array, element + size))
		return "have no end";
	if (!klpx_read(copy, element, size))
		return "are no array, or have no end";
	if (!klpx_stays(mod, element, size))
		return "are gone when module_init() has returned (__initdata, or its stack)";
	return NULL;
}
