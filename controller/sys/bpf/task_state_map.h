// SPDX-License-Identifier: GPL-2.0
// The pinned map task_state and the program read_stack, by descriptor: what the
// observer of klpx.ko and the look at the kernel's livepatch both need.
#ifndef KLPX_CONTROLLER_SYS_BPF_TASK_STATE_MAP_H_
#define KLPX_CONTROLLER_SYS_BPF_TASK_STATE_MAP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/abi.h"

namespace klpx {

// "cannot read /sys/fs/bpf/...", with the errno.
absl::Status ReadFailed(int error, absl::string_view path);

// All entries, in no order.
absl::StatusOr<std::vector<klpx_task_info>> ReadTaskMap(int map);

// Kernel stack of a task, innermost first, symbolised
// ("do_sys_poll+0x4f0"); empty if it can't be had: the task runs, is gone, or
// is an idle task.
absl::StatusOr<std::vector<std::string>> ReadTaskStack(
    int program, const klpx_task_key& key);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_TASK_STATE_MAP_H_
