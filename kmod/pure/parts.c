// SPDX-License-Identifier: GPL-2.0
/* Parts of functions by their names; see parts.h. */
#ifdef __KERNEL__
#include <linux/kernel.h>
#include <linux/string.h>
#else
#include <stdbool.h>
#include <string.h>
#endif

#include "parts.h"

static const char *const suffixes[] = { ".cold", ".part", ".__part" };

static bool has_suffix(const char *text, size_t left, const char *suffix)
{
	size_t length = strlen(suffix);

	return left >= length && !memcmp(text, suffix, length) &&
	       (left == length || text[length] == '.');
}

static bool starts_part(const char *text, size_t left)
{
	size_t i;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (has_suffix(text, left, suffixes[i]))
			return true;
	return false;
}

size_t klpx_part_of(const char *symbol, size_t length, size_t after)
{
	size_t at;

	for (at = after + 1; at < length; at++)
		if (symbol[at] == '.' && starts_part(symbol + at, length - at))
			return at;
	return 0;
}
