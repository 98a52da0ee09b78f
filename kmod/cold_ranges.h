/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cold ranges: the parts that the compiler has moved away from functions
 * (NAME.cold, NAME.part.0: pure/parts.h). A task that sleeps in a call from one
 * has no other address of the function on its stack.
 *
 * kallsyms says which names a range can belong to, not to which function of
 * that name. So a function is given the cold ranges of all functions that share
 * one of its names in its object: too many cost time, one too few costs
 * consistency.
 */
#ifndef KLPX_COLD_RANGES_H
#define KLPX_COLD_RANGES_H

#include "records.h"

/* Reads the symbols of vmlinux, once: -ENOMEM. */
int klpx_cold_ranges_init(void);
void klpx_cold_ranges_exit(void);

/* The symbols of one object, as far as they matter here. */
struct klpx_cold_table;

/*
 * @objname (NULL: vmlinux) is loaded and stays so. ERR_PTR(-ENOMEM). May sleep;
 * released with klpx_cold_table_put().
 */
struct klpx_cold_table *klpx_cold_table_get(const char *objname);
void klpx_cold_table_put(struct klpx_cold_table *table);

/*
 * All cold ranges of the function at @addr, which has the name @name (NULL: the
 * names in the table only) and any other that is at @addr. What @ranges held
 * before is freed. -ENOMEM; -ENOENT: the size of one is not known, explained in
 * the log.
 */
int klpx_cold_ranges_find(const struct klpx_cold_table *table,
			  unsigned long addr, const char *name,
			  struct klpx_cold_ranges *ranges);
void klpx_cold_ranges_free(struct klpx_cold_ranges *ranges);

#endif /* KLPX_COLD_RANGES_H */
