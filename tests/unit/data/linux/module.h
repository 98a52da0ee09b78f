/* SPDX-License-Identifier: GPL-2.0 */
/* The part of the kernel's header that klpx/livepatch.h needs. */
#ifndef KLPX_TESTS_UNIT_DATA_LINUX_MODULE_H
#define KLPX_TESTS_UNIT_DATA_LINUX_MODULE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

typedef unsigned int gfp_t;

struct module {
  char opaque[64];
};

extern struct module __this_module;
#define THIS_MODULE (&__this_module)

#endif
