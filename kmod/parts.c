// SPDX-License-Identifier: GPL-2.0
/*
 * Parts of functions, by the names of symbols; see parts.h.
 *
 * A table has two lists, of hashes instead of names: of two names with the same
 * hash, a function is given the parts of both. The symbols of vmlinux never
 * change, so its table is made when klpx.ko is loaded; that of a module is made
 * for each use.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/jhash.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "parts.h"
#include "pure/parts.h"
#include "symbols.h"

struct name_key {
	unsigned long addr;
	u32 hash;
};

struct name_keys {
	struct name_key *at;
	size_t n, room;
};

struct klpx_part_table {
	struct name_keys names;	/* of functions, at their addresses */
	struct name_keys parts;	/* the names that each part can belong to */
	struct name_key previous;	/* while it is made */
	bool shared_only;	/* keep names only where there are several */
};

static struct klpx_part_table vmlinux = { .shared_only = true };

#define FIRST_ROOM	1024

static int add_key(struct name_keys *keys, struct name_key key)
{
	if (keys->n == keys->room) {
		size_t room = keys->room ? 2 * keys->room : FIRST_ROOM;
		struct name_key *at = kvmalloc_array(room, sizeof(*at), GFP_KERNEL);

		if (!at)
			return -ENOMEM;
		if (keys->n)
			memcpy(at, keys->at, keys->n * sizeof(*at));
		kvfree(keys->at);
		keys->at = at;
		keys->room = room;
	}
	keys->at[keys->n++] = key;
	return 0;
}

/*
 * vmlinux has too many symbols to keep them all. They come in the order of
 * their addresses; those that are alone at theirs are left out, since whoever
 * asks knows one name of the function.
 */
static int add_name(struct klpx_part_table *table, struct name_key key)
{
	struct name_key previous = table->previous;
	int ret = 0;

	table->previous = key;
	if (!table->shared_only)
		return add_key(&table->names, key);
	if (key.addr != previous.addr || !klpx_sym_is_core_text(key.addr))
		return 0;
	/* The third at one address finds the second there already. */
	if (!table->names.n ||
	    table->names.at[table->names.n - 1].addr != key.addr)
		ret = add_key(&table->names, previous);
	return ret ?: add_key(&table->names, key);
}

static int add_symbol(void *data, const char *name, unsigned long addr)
{
	struct klpx_part_table *table = data;
	size_t length = strlen(name), base;
	int ret;

	ret = add_name(table, (struct name_key){ addr, jhash(name, length, 0) });
	for (base = klpx_part_of(name, length, 0); base && !ret;
	     base = klpx_part_of(name, length, base))
		ret = add_key(&table->parts,
			      (struct name_key){ addr, jhash(name, base, 0) });
	return ret;
}

static void free_table(struct klpx_part_table *table)
{
	kvfree(table->names.at);
	kvfree(table->parts.at);
}

int klpx_parts_init(void)
{
	int ret = klpx_sym_on_each_symbol(add_symbol, &vmlinux);

	if (ret)
		free_table(&vmlinux);
	return ret;
}

void klpx_parts_exit(void)
{
	free_table(&vmlinux);
}

struct klpx_part_table *klpx_parts_get(const char *objname)
{
	struct klpx_part_table *table;
	int ret;

	if (!objname)
		return &vmlinux;
	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);
	ret = klpx_sym_module_on_each_symbol(objname, add_symbol, table);
	if (ret) {
		klpx_parts_put(table);
		return ERR_PTR(ret);
	}
	return table;
}

void klpx_parts_put(struct klpx_part_table *table)
{
	if (table == &vmlinux)
		return;
	free_table(table);
	kfree(table);
}

static int add_part(struct klpx_parts *parts, unsigned long addr)
{
	struct klpx_part *at, part = { .addr = addr };
	unsigned long offset;

	if (!klpx_sym_kallsyms_size(addr, &part.size, &offset) || !part.size) {
		pr_err("kallsyms size lookup failed for a part of a function, at %ps\n",
		       (void *)addr);
		return -ENOENT;
	}
	at = krealloc_array(parts->at, parts->n + 1, sizeof(*at), GFP_KERNEL);
	if (!at)
		return -ENOMEM;
	at[parts->n++] = part;
	parts->at = at;
	return 0;
}

static int add_parts(const struct name_keys *all, u32 hash, struct klpx_parts *parts)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < all->n && !ret; i++)
		if (all->at[i].hash == hash)
			ret = add_part(parts, all->at[i].addr);
	return ret;
}

int klpx_parts_find(const struct klpx_part_table *table, unsigned long addr,
		    const char *name, struct klpx_parts *parts)
{
	const struct name_keys *names = &table->names;
	int ret = 0;
	size_t i;

	klpx_parts_free(parts);
	if (name)
		ret = add_parts(&table->parts, jhash(name, strlen(name), 0),
				parts);
	for (i = 0; i < names->n && !ret; i++)
		if (names->at[i].addr == addr)
			ret = add_parts(&table->parts, names->at[i].hash, parts);
	if (ret)
		klpx_parts_free(parts);
	return ret;
}

void klpx_parts_free(struct klpx_parts *parts)
{
	kfree(parts->at);
	memset(parts, 0, sizeof(*parts));
}
