// SPDX-License-Identifier: GPL-2.0
/* Finding the symbols of an object by name and position; see lookup.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/string.h>

#include "lookup.h"
#include "symbols.h"

struct match {
	unsigned long addr;
	unsigned long count;
	unsigned long pos;
};

static int match_symbol(void *data, unsigned long addr)
{
	struct match *match = data;

	match->addr = addr;
	match->count++;

	/* Enough seen: the position is reached, or it cannot be unique. */
	return match->pos ? match->count == match->pos : match->count > 1;
}

/* Same, for the symbols of one module, whose names come along. */
struct module_match {
	const char *name;
	struct match match;
};

static int match_module_symbol(void *data, const char *name,
			       unsigned long addr)
{
	struct module_match *match = data;

	return strcmp(name, match->name) ? 0 : match_symbol(&match->match, addr);
}

/* All symbols of that name in the object, until enough is seen. */
static void find_symbols(const char *objname, struct module_match *by_name)
{
	if (objname)
		klpx_sym_module_on_each_symbol(objname, match_module_symbol,
					       by_name);
	else
		klpx_sym_on_each_match(match_symbol, by_name->name,
				       &by_name->match);
}

int klpx_lookup(const char *objname, const char *name, unsigned long sympos,
		unsigned long *addr)
{
	struct module_match by_name = {
		.name = name,
		.match.pos = sympos,
	};
	struct match *match = &by_name.match;

	find_symbols(objname, &by_name);
	if (!match->count) {
		pr_err("symbol '%s' not found in symbol table\n", name);
		return -EINVAL;
	}
	if (!match->pos && match->count > 1) {
		pr_err("unresolvable ambiguity for symbol '%s' in object '%s'\n",
		       name, objname ?: "vmlinux");
		return -EINVAL;
	}
	if (match->pos && match->count != match->pos) {
		pr_err("symbol position %lu for symbol '%s' in object '%s' not found\n",
		       match->pos, name, objname ?: "vmlinux");
		return -EINVAL;
	}
	*addr = match->addr;
	return 0;
}
