// SPDX-License-Identifier: GPL-2.0
// Several processes with one history, and processes killed at any instant.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/unit/store/history_files.h"

namespace klpx {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kProcesses = 4;
constexpr int kWrites = 25;
constexpr int kKills = 25;

class ProcessesTest : public testing::Test, protected HistoryFiles {
 protected:
  // Runs body in a child process, with its result as the exit code.
  static pid_t Fork(const std::function<int()>& body) {
    const pid_t pid = fork();
    if (pid == 0) _exit(body());
    return pid;
  }

  static int ExitCode(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  static void SleepMs(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  }

  // Repeats a call while the store is busy. On a slow disk a call may fail with
  // "try again" after its patience; these tests only check that nothing is
  // lost.
  static absl::Status Insist(absl::FunctionRef<absl::Status()> call) {
    absl::Status status = call();
    while (IsBusy(status)) status = call();
    return status;
  }

  absl::StatusOr<HistoryStore> InsistOnOpening() {
    for (;;) {
      auto store = Open();
      if (store.ok() || !IsBusy(store.status())) return store;
    }
  }

  // Records transitions as a controller does, again and again, until it is
  // killed. Writes to `begun` after each transition that it has recorded.
  int WriteForEver(int64_t first, int begun = -1) {
    auto store = Open();
    if (!store.ok()) return 1;
    for (int64_t at = first;; at++) {
      const auto id = store->Begin(Ended(at));
      if (!id.ok()) return 2;
      if (begun >= 0 && write(begun, "b", 1) != 1) return 5;
      if (!store->SawBlockers(*id, {Task(1), Task(2)}, 1, 2).ok()) return 3;
      if (!store->AddForces(*id, {{Task(1), true, at}}).ok()) return 4;
    }
  }

  void ExpectSound(const std::string& path, const std::string& when) {
    auto store = HistoryStore::Open(path, Access::kReadWrite);
    ASSERT_TRUE(store.ok()) << when << ": " << store.status();
    EXPECT_THAT(store->CheckIntegrity().value(), IsEmpty()) << when;
  }
};

// The daemon keeps one store open for days, and opens others beside it.
TEST_F(ProcessesTest, ASecondStoreKeepsTheLocksOfTheFirst) {
  int go[2];
  ASSERT_EQ(pipe(go), 0);
  // Fork first: a child must not inherit SQLite's open files.
  const pid_t child = Fork([&] {
    char byte;
    if (read(go[0], &byte, 1) != 1) return 1;
    auto store = Open();
    return store.ok() && store->Begin(Ended(2)).ok() ? 0 : 2;
  });
  auto first = Open();
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(first->Begin(Ended(1)).ok());
  ASSERT_TRUE(Open().ok());
  ASSERT_EQ(write(go[1], "g", 1), 1);
  EXPECT_EQ(ExitCode(child), 0);
  ASSERT_TRUE(first->Begin(Ended(3)).ok());
  const auto records = first->Query({});
  ASSERT_TRUE(records.ok()) << records.status();
  EXPECT_THAT(*records, SizeIs(3));
}

TEST_F(ProcessesTest, ManyCanCreateAndWriteAtOnce) {
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; i++) {
    children.push_back(Fork([&, i] {
      auto store = InsistOnOpening();
      if (!store.ok()) return 1;
      for (int n = 0; n < kWrites; n++) {
        const TransitionRecord record = Ended(i * 1000 + n);
        const absl::Status begun =
            Insist([&] { return store->Begin(record).status(); });
        if (!begun.ok()) return 2;
      }
      return 0;
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(ExitCode(child), 0);
  EXPECT_THAT(*Open()->Query({}), SizeIs(kProcesses * kWrites));
}

TEST_F(ProcessesTest, ManyReconcileTheSameTransitionsOnce) {
  EngineFacts facts;
  facts.boot_id = "now";
  facts.recent = std::vector<RecentTransition>();
  for (int i = 1; i <= 16; i++) {
    facts.recent->push_back({i * 100, i * 100 + 1, "fix"});
  }
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; i++) {
    children.push_back(Fork([&] {
      auto store = InsistOnOpening();
      if (!store.ok()) return 1;
      const absl::Status reconciled =
          Insist([&] { return store->Reconcile(facts, NobodyLives); });
      return reconciled.ok() ? 0 : 2;
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(ExitCode(child), 0);
  EXPECT_THAT(*Open()->Query({}), SizeIs(16));
}

// Kills every other writer while it opens or creates the file, and the rest
// while they write.
TEST_F(ProcessesTest, AKilledWriterLeavesASoundFile) {
  for (int i = 0; i < kKills; i++) {
    int begun[2];
    ASSERT_EQ(pipe(begun), 0);
    const pid_t child =
        Fork([&] { return WriteForEver(i * 100000, begun[1]); });
    close(begun[1]);
    char byte;
    if (i % 2 == 1) {
      ASSERT_EQ(read(begun[0], &byte, 1), 1);
    }
    close(begun[0]);
    SleepMs(i * 2);
    kill(child, SIGKILL);
    EXPECT_EQ(ExitCode(child), -1) << "round " << i;
    ExpectSound(path_, absl::StrCat("round ", i));
  }
  EXPECT_GE(Open()->Query({})->size(), static_cast<size_t>(kKills / 2));
}

TEST_F(ProcessesTest, TheFilesAtAnyInstantAreSound) {
  const pid_t child = Fork([&] { return WriteForEver(1); });
  for (int i = 0; i < kKills; i++) {
    SleepMs(7);
    kill(child, SIGSTOP);
    waitpid(child, nullptr, WUNTRACED);
    const std::string copy = absl::StrCat(dir_, "/copy", i, ".db");
    Write(copy, Read(path_));
    Write(copy + "-wal", Read(path_ + "-wal"));
    kill(child, SIGCONT);
    ExpectSound(copy, absl::StrCat("copy ", i));
  }
  kill(child, SIGKILL);
  EXPECT_EQ(ExitCode(child), -1);
}

}  // namespace
}  // namespace klpx
