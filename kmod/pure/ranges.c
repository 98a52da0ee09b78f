// SPDX-License-Identifier: GPL-2.0
/* Sorted address ranges; see ranges.h. */
#ifdef __KERNEL__
#include <linux/sort.h>
#define klpx_sort(base, n, size, cmp) sort(base, n, size, cmp, NULL)
#else
#include <stdlib.h>
#define klpx_sort(base, n, size, cmp) qsort(base, n, size, cmp)
#endif

#include "ranges.h"

static int by_start(const void *a, const void *b)
{
	const struct klpx_range *l = a, *r = b;

	if (l->start != r->start)
		return l->start < r->start ? -1 : 1;
	if (l->end != r->end)
		return l->end > r->end ? -1 : 1;
	return 0;
}

size_t klpx_ranges_build(struct klpx_range *ranges, size_t count)
{
	size_t i, n = 0;

	klpx_sort(ranges, count, sizeof(*ranges), by_start);

	for (i = 0; i < count; i++) {
		if (ranges[i].start >= ranges[i].end)
			continue;
		if (n && ranges[i].start < ranges[n - 1].end) {
			if (ranges[i].end > ranges[n - 1].end)
				ranges[n - 1].end = ranges[i].end;
			continue;
		}
		ranges[n++] = ranges[i];
	}
	return n;
}

const struct klpx_range *klpx_ranges_find(const struct klpx_range *ranges,
					  size_t count, unsigned long addr)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (addr < ranges[mid].start)
			high = mid;
		else if (addr >= ranges[mid].end)
			low = mid + 1;
		else
			return &ranges[mid];
	}
	return NULL;
}
