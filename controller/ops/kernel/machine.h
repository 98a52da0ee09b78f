// SPDX-License-Identifier: GPL-2.0
// The running kernel, and klpx's BPF programs in it.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_MACHINE_H_
#define KLPX_CONTROLLER_OPS_KERNEL_MACHINE_H_

#include "controller/sys/bpf/blocker_source.h"
#include "controller/sys/bpf/policy_access.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

struct Machine {
  Kernel& kernel;
  ObserverAccess& observer;
  PolicyAccess& policy;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_MACHINE_H_
