// SPDX-License-Identifier: GPL-2.0
// A machine, its patches and a blocking task, for tests of the reports.
#ifndef KLPX_TESTS_UNIT_CORE_REPORT_REPORT_SAMPLES_H_
#define KLPX_TESTS_UNIT_CORE_REPORT_REPORT_SAMPLES_H_

#include <cstdio>

#include "controller/core/base/machine.h"

namespace klpx {

inline const Host kHost = {"web1", "b-o-o-t", "6.12.1",
                           absl::FromUnixSeconds(0), 5000000000};

inline PatchState Enabled() {
  PatchState patch;
  patch.name = "fix";
  patch.registered = true;
  patch.enabled = true;
  patch.stack_order = 1;
  patch.version = "1.0";
  patch.tasks = 10;
  patch.pending = 0;
  patch.model = "tasks";
  patch.replace_set = 0;
  patch.objects = {{"vmlinux", true, {{"do_open", "1", "fix"}}, {"pre_patch"}}};
  patch.states = {{7, "sockets", 2, false, true, {"pre_patch"}}};
  return patch;
}

inline PatchState Enabling() {
  PatchState patch = Enabled();
  patch.transition = true;
  patch.pending = 2;
  patch.elapsed_ms = 3000;
  return patch;
}

// A patch of the kernel's own engine, which does not tell everything.
inline PatchState Theirs() {
  PatchState patch = Enabling();
  patch.name = "theirs";
  patch.engine = Engine::kKernel;
  patch.tasks.reset();
  patch.elapsed_ms.reset();
  patch.stack_order.reset();
  return patch;
}

// A patch made for that engine that klpx runs.
inline PatchState Adopted() {
  PatchState patch = Enabled();
  patch.name = "taken";
  patch.adopted = true;
  return patch;
}

inline PatchState LeftOver() {
  PatchState patch;
  patch.name = "old";
  return patch;
}

inline Blocker BlockerFor(klpx_reason reason) {
  Blocker blocker;
  blocker.info.key = {42, -1, 7};
  blocker.info.pid = 40;
  blocker.info.reason = reason;
  blocker.info.task_state = 1;
  blocker.info.since_ns = 1000000000;
  snprintf(blocker.info.patch, KLPX_PATCH_NAME_LEN, "fix");
  snprintf(blocker.info.comm, KLPX_COMM_LEN, "reader");
  snprintf(blocker.info.function, KLPX_FUNC_NAME_LEN, "do_open");
  blocker.cgroup = "/system.slice/a.service";
  blocker.cmdline = "/bin/reader --now";
  blocker.stack = {"do_open+0x10", "vfs_read+0x20"};
  return blocker;
}

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_CORE_REPORT_REPORT_SAMPLES_H_
