// SPDX-License-Identifier: GPL-2.0
// Comparing the names of tasks (klpx_task_key), so that a key finds what is
// known about its task. In the namespace of the type, which is C's.
#ifndef KLPX_CONTROLLER_CORE_BASE_TASK_KEY_H_
#define KLPX_CONTROLLER_CORE_BASE_TASK_KEY_H_

#include <tuple>

#include "controller/core/base/abi.h"

inline bool operator==(const klpx_task_key& a, const klpx_task_key& b) {
  return std::tie(a.tid, a.idle_cpu, a.start_ns) ==
         std::tie(b.tid, b.idle_cpu, b.start_ns);
}

inline bool operator<(const klpx_task_key& a, const klpx_task_key& b) {
  return std::tie(a.tid, a.idle_cpu, a.start_ns) <
         std::tie(b.tid, b.idle_cpu, b.start_ns);
}

#endif  // KLPX_CONTROLLER_CORE_BASE_TASK_KEY_H_
