// SPDX-License-Identifier: GPL-2.0
// The only place where the controller includes the ABI of klpx.ko, which is a C
// header.
#ifndef KLPX_CONTROLLER_CORE_BASE_ABI_H_
#define KLPX_CONTROLLER_CORE_BASE_ABI_H_

extern "C" {
#include "klpx/abi.h"
#include "klpx/names.h"
#include "klpx/task_state.h"
}

#endif  // KLPX_CONTROLLER_CORE_BASE_ABI_H_
