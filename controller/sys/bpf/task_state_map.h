// SPDX-License-Identifier: GPL-2.0
// Reads the pinned map task_state and runs the program read_stack, by
// descriptor; used by the observer of klpx.ko and by the look at the kernel's
// livepatch.
#ifndef KLPX_CONTROLLER_SYS_BPF_TASK_STATE_MAP_H_
#define KLPX_CONTROLLER_SYS_BPF_TASK_STATE_MAP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/abi.h"

namespace klpx {

// The error "cannot read /sys/fs/bpf/...", with the errno.
absl::Status ReadFailed(int error, absl::string_view path);

// All entries, in no particular order.
absl::StatusOr<std::vector<klpx_task_info>> ReadTaskMap(int map);

// The kernel stack of a task, innermost frame first, symbolised
// ("do_sys_poll+0x4f0"); empty if it cannot be read: the task runs, has exited,
// or is an idle task.
absl::StatusOr<std::vector<std::string>> ReadTaskStack(
    int program, const klpx_task_key& key);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_TASK_STATE_MAP_H_
