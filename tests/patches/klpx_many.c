// SPDX-License-Identifier: GPL-2.0
/* A thousand functions; reading "sum" calls each once and adds the results. */

#include <linux/module.h>
#include "klpx_many.h"

#define MANY_DEFINE(n)                                                         \
	static noinline unsigned int klpx_many_##n(void)                       \
	{                                                                      \
		barrier();                                                     \
		return 0;                                                      \
	}
MANY_ALL(MANY_DEFINE)

#define MANY_NAME(n) klpx_many_##n,
static unsigned int (*const functions[MANY])(void) = { MANY_ALL(MANY_NAME) };

static int get_sum(char *buffer, const struct kernel_param *param)
{
	unsigned int i, sum = 0;

	for (i = 0; i < MANY; i++)
		sum += functions[i]();
	return sysfs_emit(buffer, "%u\n", sum);
}

static const struct kernel_param_ops sum_ops = { .get = get_sum };
module_param_cb(sum, &sum_ops, NULL, 0444);

static int __init many_init(void)
{
	return 0;
}

static void __exit many_exit(void)
{
}
module_init(many_init);
module_exit(many_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
