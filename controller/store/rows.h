// SPDX-License-Identifier: GPL-2.0
// Records of core/history/history.h as rows of the tables, and back: the one
// place that knows the order of the columns.
#ifndef KLPX_CONTROLLER_STORE_ROWS_H_
#define KLPX_CONTROLLER_STORE_ROWS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/core/history/history.h"
#include "controller/store/database.h"

namespace klpx {

inline constexpr absl::string_view kTransitionColumns =
    "boot_id, kernel, engine, patch, started_ns, patching, model, replaces, "
    "initiated_by, verb, uid, user, login_uid, sudo_user, tty, pid, pid_start, "
    "begun_us, begun_ns, outcome, ended_ns, tasks, pending, reversals, "
    "signals, "
    "forced, blockers";
inline constexpr int kTransitionColumnCount = 27;
inline constexpr absl::string_view kTaskColumns =
    "tid, idle_cpu, start_ns, pid, comm, cmdline, cgroup, kthread, reason, "
    "function, since_ns, seen_ns, signals, stack, signalled_ns";
inline constexpr int kTaskColumnCount = 15;

// "?, ?, ?".
std::string Marks(int count);

// The columns above, in their order.
void BindTransition(Statement& statement, const TransitionRecord& record);
void BindTask(Statement& statement, const BlockerRecord& task);

// id, then the columns above.
TransitionRecord TransitionOf(Statement& row);
BlockerRecord TaskOf(Statement& row);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_STORE_ROWS_H_
