// SPDX-License-Identifier: GPL-2.0
// What a test of a job starts from: a machine with one patch that is played,
// what the daemon saw of it, and a history and a lock of its own.
#ifndef KLPX_TESTS_UNIT_DAEMON_JOB_TEST_H_
#define KLPX_TESTS_UNIT_DAEMON_JOB_TEST_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "controller/core/history/transition_changes.h"
#include "controller/daemon/machine_state.h"
#include "controller/sys/proc/sysfs.h"
#include "tests/unit/daemon/fake_journal.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {

class JobTest : public testing::Test, protected CommandTest {
 protected:
  JobTest() {
    context.ownership.file = dir_ + "/owner.lock";
    context.recorder.path = dir_ + "/history.db";
    context.recorder.by = "daemon";
    kernel.transition_time = absl::InfiniteDuration();
    JournalEntries().clear();
  }
  void SetPolicy(const std::string& text) {
    kernel.files["/etc/klpx/policy.toml"] = text;
  }

  // klpx.ko's patch goes in from now on, and the daemon sees it.
  void Start() {
    kernel.AddMovingPatch(kName, 2);
    kernel.recent.push_back({Now(), 0, kName, true, 0, 10});
    Poll();
  }

  // It is in, or, after a reversal, out.
  void End() {
    kernel.recent.back().ended_ns = Now();
    FakePatch& patch = kernel.patches.at(kName);
    patch.transition = false;
    patch.pending = 0;
    Poll();
  }

  // As Poller does it.
  void Poll() {
    machine.now = kernel.Monotonic();
    machine.klpx.recent = kernel.recent;
    machine.klpx.changes++;
    machine.klpx.running.reset();
    if (const auto* running = RunningOf(kernel.recent)) {
      machine.klpx.running = *running;
    }
    machine.patches = ReadPatches(kernel);
    machine.klpx.moving = FindTransition(kernel, Engine::kKlpx);
  }

  void Pass(absl::Duration time) {
    kernel.now += time;
    Poll();
  }

  int64_t Now() { return absl::ToInt64Nanoseconds(kernel.now); }

  // The newest first.
  std::vector<TransitionRecord> History() {
    auto store = HistoryStore::Open(context.recorder.path, Access::kReadOnly);
    if (!store.ok()) return {};
    HistoryFilter filter;
    filter.whole = true;
    return store->Query(filter).value_or(std::vector<TransitionRecord>());
  }

  bool IsFree(const std::string& lock) {
    const auto taken = FileLock::Try(lock, "other");
    return taken.ok() && taken->has_value();
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  MachineState machine;
};

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_DAEMON_JOB_TEST_H_
