// SPDX-License-Identifier: GPL-2.0
// Gives each test its own history file, and makes records to put into it.
#ifndef KLPX_TESTS_UNIT_STORE_HISTORY_FILES_H_
#define KLPX_TESTS_UNIT_STORE_HISTORY_FILES_H_

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "controller/store/store.h"
#include "tests/unit/data/temp_directory.h"

namespace klpx {

class HistoryFiles {
 public:
  HistoryFiles() { path_ = dir_ + "/klpx/history.db"; }
  absl::StatusOr<HistoryStore> Open(const HistoryLimits& limits = {}) {
    return HistoryStore::Open(path_, Access::kReadWrite, limits);
  }

  static TransitionRecord Record(const std::string& patch = "fix",
                                 const std::string& boot_id = "now") {
    TransitionRecord record;
    record.boot_id = boot_id;
    record.kernel = "6.12.0-test";
    record.patch = patch;
    record.model = "tasks";
    record.begun = absl::FromUnixSeconds(1700000000);
    record.begun_ns = 1000;
    record.initiator = {"cli", "enable", 0, "root", {}, "alice", "pts/0", 1, 2};
    return record;
  }

  // The record of a transition that has ended, started at started_ns.
  static TransitionRecord Ended(int64_t started_ns, uint64_t forced = 0) {
    TransitionRecord record = Record();
    record.started_ns = started_ns;
    record.ended_ns = started_ns + 10;
    record.forced = forced;
    record.outcome = forced > 0 ? Outcome::kForced : Outcome::kCompleted;
    return record;
  }

  static BlockerRecord Task(uint32_t tid) {
    BlockerRecord task;
    task.key.tid = tid;
    task.key.start_ns = 77;
    task.pid = 400;
    task.comm = "cat";
    task.reason = "on-function";
    task.function = "do_open";
    task.since_ns = 2000;
    task.seen_ns = 3000;
    task.stack = {"do_open+0x10", "vfs_open+0x2d"};
    return task;
  }

  static void Write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  static std::string Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 protected:
  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  std::string path_;
};

inline bool NobodyLives(uint32_t, uint64_t) { return false; }

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_STORE_HISTORY_FILES_H_
