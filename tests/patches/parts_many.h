/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of klpx_test_many.ko show in /proc. */
#ifndef KLPX_TESTS_PARTS_MANY_H
#define KLPX_TESTS_PARTS_MANY_H

#include <linux/seq_file.h>

int many_show_first(struct seq_file *m, void *v);
int many_show_second(struct seq_file *m, void *v);

#endif /* KLPX_TESTS_PARTS_MANY_H */
