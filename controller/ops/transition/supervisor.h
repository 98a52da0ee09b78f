// SPDX-License-Identifier: GPL-2.0
// What a process needs that sees a transition through to its end: it reads and
// turns the kernel, asks for the blocking tasks, shows and records them, and
// acts in time if it is the owner.
#ifndef KLPX_CONTROLLER_OPS_TRANSITION_SUPERVISOR_H_
#define KLPX_CONTROLLER_OPS_TRANSITION_SUPERVISOR_H_

#include "controller/ops/console/console.h"
#include "controller/ops/history/recorder.h"
#include "controller/ops/transition/ownership.h"
#include "controller/sys/bpf/blocker_source.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

struct Supervisor {
  Kernel& kernel;
  ObserverAccess& observer;
  Console& console;
  Recorder& recorder;
  Ownership& ownership;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_SUPERVISOR_H_
