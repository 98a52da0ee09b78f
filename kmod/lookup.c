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

/*
 * The compiler moves unlikely code of a function NAME to NAME.cold, far away.
 * A task that sleeps in a call from there has no other address of the function
 * on its stack. Of several by that name (static functions) the nearest behind
 * the right function cannot be told, so none is taken unless it is the only
 * one.
 */
void klpx_lookup_cold(const char *objname, unsigned long addr,
		      struct klpx_part *cold)
{
	char name[KSYM_SYMBOL_LEN];
	struct module_match by_name = { .name = name };
	unsigned long offset;

	memset(cold, 0, sizeof(*cold));
	sprint_symbol_no_offset(name, addr);
	/* A module's symbol comes as "name [module]". */
	name[strcspn(name, " ")] = '\0';
	if (strlcat(name, ".cold", sizeof(name)) >= sizeof(name))
		return;

	find_symbols(objname, &by_name);
	if (by_name.match.count == 1 &&
	    klpx_sym_kallsyms_size(by_name.match.addr, &cold->size, &offset))
		cold->addr = by_name.match.addr;
}
