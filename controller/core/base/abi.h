// SPDX-License-Identifier: GPL-2.0
// The one place where the controller includes the contract with the kernel,
// which is a C header.
#ifndef KLPX_CONTROLLER_CORE_BASE_ABI_H_
#define KLPX_CONTROLLER_CORE_BASE_ABI_H_

#include <stdbool.h>

// g++ takes that header's word for it; in strict C++ clang++ has none.
#ifndef _Bool
#define _Bool bool
#endif

extern "C" {
#include "klpx/abi.h"
#include "klpx/names.h"
}

#endif  // KLPX_CONTROLLER_CORE_BASE_ABI_H_
