// SPDX-License-Identifier: GPL-2.0
/* The second of two functions many_same(), each with a cold range. */

#include "parts.h"
#include "parts_many.h"

PARTS_COLD(many_same, "old second\n")

int many_show_second(struct seq_file *m, void *v)
{
	many_same(m);
	return 0;
}
