/* SPDX-License-Identifier: GPL-2.0 */
/* The part of the kernel's header that klpx/livepatch.h needs. */
#ifndef KLPX_TESTS_UNIT_DATA_LINUX_BUILD_BUG_H
#define KLPX_TESTS_UNIT_DATA_LINUX_BUILD_BUG_H

#include <assert.h>

#endif
