// SPDX-License-Identifier: GPL-2.0
// A transition that was signalled, given up and reversed, with all there is to
// know of it.
#ifndef KLPX_TESTS_UNIT_CORE_HISTORY_HISTORY_SAMPLES_H_
#define KLPX_TESTS_UNIT_CORE_HISTORY_HISTORY_SAMPLES_H_

#include "controller/core/history/history.h"

namespace klpx {

inline constexpr int64_t kSecond = 1'000'000'000;

inline TransitionRecord Reversed() {
  TransitionRecord record;
  record.id = 12;
  record.boot_id = "b-o-o-t";
  record.kernel = "6.12.0-test";
  record.patch = "fix";
  record.model = "tasks";
  record.replaces = {"old"};
  record.initiator = {"cli", "enable", 0, "root", 1000, "alice", "pts/0"};
  record.begun = absl::FromUnixSeconds(1700000000);
  record.begun_ns = 99 * kSecond;
  record.started_ns = 100 * kSecond;
  record.ended_ns = 104 * kSecond + kSecond / 4;
  record.outcome = Outcome::kReversed;
  record.tasks = 123;
  record.reversals = 1;
  record.signals = 1;
  record.blockers = 2;
  BlockerRecord task;
  task.key.tid = 412;
  task.pid = 400;
  task.comm = "cat\x1b";
  task.cmdline = "cat /dev/klpx";
  task.reason = "on-function";
  task.function = "do_open";
  task.since_ns = 100 * kSecond + kSecond / 2;
  task.seen_ns = 104 * kSecond;
  task.signals = 1;
  task.signalled_ns = 102 * kSecond + kSecond / 5;
  task.stack = {"do_open+0x10/0x40", "vfs_open+0x2d/0xe0"};
  record.blocked = {task};
  record.watched = {{100 * kSecond, 104 * kSecond}};
  record.events = {{101 * kSecond, "gave-up", "after 1s", "root"},
                   {102 * kSecond, "signal", "to task 412", "root"},
                   {103 * kSecond, "reverse", "", "root"}};
  record.findings = {{"note", "note", "fix", "module foo is not loaded"}};
  return record;
}

// So many of its tasks were forced.
inline TransitionRecord Forced(int64_t id, bool patching, uint64_t forced) {
  TransitionRecord record;
  record.id = id;
  record.patch = "fix";
  record.patching = patching;
  record.forced = forced;
  record.outcome = forced > 0 ? Outcome::kForced : Outcome::kCompleted;
  return record;
}

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_CORE_HISTORY_HISTORY_SAMPLES_H_
