// SPDX-License-Identifier: GPL-2.0
/* The first of two functions many_same(), each with a cold range. */

#include "parts.h"
#include "parts_many.h"

PARTS_COLD(many_same, "old first\n")

int many_show_first(struct seq_file *m, void *v)
{
	many_same(m);
	return 0;
}
