/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts that the compiler has moved away from functions: a task that sleeps
 * in a call from one has no other address of the function on its stack.
 *
 * kallsyms says which names a part can belong to, not to which function of that
 * name. So a function is given the parts of all functions that share one of its
 * names in its object: too many cost time, one too few costs consistency.
 */
#ifndef KLPX_PARTS_H
#define KLPX_PARTS_H

#include "records.h"

/* Reads the symbols of vmlinux, once: -ENOMEM. */
int klpx_parts_init(void);
void klpx_parts_exit(void);

/* The symbols of one object, as far as they matter here. */
struct klpx_part_table;

/*
 * @objname (NULL: vmlinux) is loaded and stays so. ERR_PTR(-ENOMEM). May sleep;
 * released with klpx_parts_put().
 */
struct klpx_part_table *klpx_parts_get(const char *objname);
void klpx_parts_put(struct klpx_part_table *table);

/*
 * All parts of the function at @addr, which has the name @name (NULL: those of
 * the table only) and any other that is at @addr. What @parts held before is
 * freed. -ENOMEM; -ENOENT: the size of one is not known, explained in the log.
 */
int klpx_parts_find(const struct klpx_part_table *table, unsigned long addr,
		    const char *name, struct klpx_parts *parts);
void klpx_parts_free(struct klpx_parts *parts);

#endif /* KLPX_PARTS_H */
