/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sets of address ranges: built once for a transition, searched once for every
 * frame of every stack. The cost of a search does not grow with the number of
 * functions but with its logarithm. Knows nothing of tasks or functions. Used by
 * klpx.ko and by the controller.
 */
#ifndef KLPX_PURE_RANGES_H
#define KLPX_PURE_RANGES_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stddef.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* [start, end); @owner is the function that a task in it is inside. */
struct klpx_range {
	unsigned long start;
	unsigned long end;
	const void *owner;
};

/*
 * Sort @ranges and merge those that overlap (the one that starts first keeps
 * its owner), so that a search has one candidate. Empty ranges are dropped.
 * Returns how many are left.
 */
size_t klpx_ranges_build(struct klpx_range *ranges, size_t count);

/* The range of a built array that holds @addr, or NULL. */
const struct klpx_range *klpx_ranges_find(const struct klpx_range *ranges,
					  size_t count, unsigned long addr);

#ifdef __cplusplus
}
#endif

#endif /* KLPX_PURE_RANGES_H */
