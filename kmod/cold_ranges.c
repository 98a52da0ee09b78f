// SPDX-License-Identifier: GPL-2.0
/*
 * Cold ranges of functions, by the names of symbols; see cold_ranges.h.
 *
 * A table has two lists, of hashes instead of names: of two names with the same
 * hash, a function is given the cold ranges of both. The symbols of vmlinux
 * never change, so its table is made when klpx.ko is loaded; that of a module
 * is made for each use.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/jhash.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cold_ranges.h"
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

struct klpx_cold_table {
	struct name_keys names;	/* of functions, at their addresses */
	struct name_keys bases;	/* functions each cold range may be of */
	struct name_key previous;	/* while it is made */
	bool shared_only;	/* keep names only where there are several */
};

static struct klpx_cold_table vmlinux = { .shared_only = true };

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
 * their addresses; those that are alone at theirs are left out, since the
 * caller of klpx_cold_ranges_find() knows one name of the function.
 */
static int add_name(struct klpx_cold_table *table, struct name_key key)
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
	struct klpx_cold_table *table = data;
	size_t length = strlen(name), base;
	int ret;

	ret = add_name(table, (struct name_key){ addr, jhash(name, length, 0) });
	for (base = klpx_part_of(name, length, 0); base && !ret;
	     base = klpx_part_of(name, length, base))
		ret = add_key(&table->bases,
			      (struct name_key){ addr, jhash(name, base, 0) });
	return ret;
}

static void free_table(struct klpx_cold_table *table)
{
	kvfree(table->names.at);
	kvfree(table->bases.at);
}

int klpx_cold_ranges_init(void)
{
	int ret = klpx_sym_on_each_symbol(add_symbol, &vmlinux);

	if (ret)
		free_table(&vmlinux);
	return ret;
}

void klpx_cold_ranges_exit(void)
{
	free_table(&vmlinux);
}

struct klpx_cold_table *klpx_cold_table_get(const char *objname)
{
	struct klpx_cold_table *table;
	int ret;

	if (!objname)
		return &vmlinux;
	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);
	ret = klpx_sym_module_on_each_symbol(objname, add_symbol, table);
	if (ret) {
		klpx_cold_table_put(table);
		return ERR_PTR(ret);
	}
	return table;
}

void klpx_cold_table_put(struct klpx_cold_table *table)
{
	if (table == &vmlinux)
		return;
	free_table(table);
	kfree(table);
}

static int add_cold_range(struct klpx_cold_ranges *ranges, unsigned long addr)
{
	struct klpx_cold_range *at, range = { .addr = addr };
	unsigned long offset;

	if (!klpx_sym_kallsyms_size(addr, &range.size, &offset) || !range.size) {
		pr_err("kallsyms size lookup failed for a part of a function, at %ps\n",
		       (void *)addr);
		return -ENOENT;
	}
	at = krealloc_array(ranges->at, ranges->n + 1, sizeof(*at), GFP_KERNEL);
	if (!at)
		return -ENOMEM;
	at[ranges->n++] = range;
	ranges->at = at;
	return 0;
}

static int add_cold_ranges(const struct name_keys *all, u32 hash,
			   struct klpx_cold_ranges *ranges)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < all->n && !ret; i++)
		if (all->at[i].hash == hash)
			ret = add_cold_range(ranges, all->at[i].addr);
	return ret;
}

int klpx_cold_ranges_find(const struct klpx_cold_table *table,
			  unsigned long addr, const char *name,
			  struct klpx_cold_ranges *ranges)
{
	const struct name_keys *names = &table->names;
	int ret = 0;
	size_t i;

	klpx_cold_ranges_free(ranges);
	if (name)
		ret = add_cold_ranges(&table->bases,
				      jhash(name, strlen(name), 0), ranges);
	for (i = 0; i < names->n && !ret; i++)
		if (names->at[i].addr == addr)
			ret = add_cold_ranges(&table->bases,
					      names->at[i].hash, ranges);
	if (ret)
		klpx_cold_ranges_free(ranges);
	return ret;
}

void klpx_cold_ranges_free(struct klpx_cold_ranges *ranges)
{
	kfree(ranges->at);
	memset(ranges, 0, sizeof(*ranges));
}
