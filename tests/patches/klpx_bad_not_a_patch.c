// SPDX-License-Identifier: GPL-2.0
/* An ordinary module: it calls neither klpx nor the kernel's livepatch. */

#include <linux/module.h>

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
