// SPDX-License-Identifier: GPL-2.0
// Tells in which PID namespace this process is, and which one /proc shows. The
// engine and BPF name tasks by their numbers in the first namespace; BPF
// iterators leave out tasks outside their reader's namespace, and /proc those
// outside its mount's.
#ifndef KLPX_CONTROLLER_SYS_PROC_PID_NAMESPACE_H_
#define KLPX_CONTROLLER_SYS_PROC_PID_NAMESPACE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/abi.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// An error if this process cannot see all tasks. OK if that cannot be found
// out.
absl::Status CheckSeesAllTasks();

// Is this the target of /proc/self/ns/pid in the first namespace?
bool IsFirstPidNamespace(absl::string_view link);

// Does /proc show the tasks of the first namespace, by their numbers there?
bool ProcShowsAllTasks(Kernel& kernel);

// Is the task that /proc shows for this number the one that the key names,
// rather than one of another namespace, or a later one with the same number?
// Call this after reading the task's files: then they belong to that task, too.
bool IsThatTask(Kernel& kernel, const klpx_task_key& key);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_PID_NAMESPACE_H_
