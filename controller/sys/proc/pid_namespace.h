// SPDX-License-Identifier: GPL-2.0
// In which PID namespace this process is, and which one /proc shows. The engine
// and BPF name tasks by their numbers in the first one; iterators of BPF and
// /proc leave out what is outside of their reader's, or their mount's.
#ifndef KLPX_CONTROLLER_SYS_PROC_PID_NAMESPACE_H_
#define KLPX_CONTROLLER_SYS_PROC_PID_NAMESPACE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/abi.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// An error that says why not. What cannot be found out is taken for granted.
absl::Status CheckSeesAllTasks();

// Is this what /proc/self/ns/pid leads to in the first one?
bool IsFirstPidNamespace(absl::string_view link);

// Does /proc show the tasks of the first one, by its numbers?
bool ProcShowsAllTasks(Kernel& kernel);

// Is what /proc has below this number the task that the key names, rather than
// one of another namespace, or a later one of the same number? To be asked
// after what was read there, which is then of that task, too.
bool IsThatTask(Kernel& kernel, const klpx_task_key& key);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_PID_NAMESPACE_H_
