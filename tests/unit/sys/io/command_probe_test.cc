// SPDX-License-Identifier: GPL-2.0
// The probe of the health check that runs a program, with real programs.
#include "controller/sys/io/command_probe.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

namespace klpx {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr absl::Duration kPoll = absl::Milliseconds(5);

std::optional<CommandEnd> RunToEnd(const std::vector<std::string>& words) {
  absl::StatusOr<CommandProbe> probe = CommandProbe::Start(words, "fix");
  EXPECT_TRUE(probe.ok()) << probe.status();
  if (!probe.ok()) return std::nullopt;
  const absl::Time end = absl::Now() + kPatience;
  while (absl::Now() < end) {
    const std::optional<CommandEnd> ended = probe->Poll();
    if (ended) return ended;
    absl::SleepFor(kPoll);
  }
  return std::nullopt;
}

TEST(CommandProbeTest, ReturnsTheStatusAndTheOutput) {
  const auto good = RunToEnd({"/bin/sh", "-c", "echo $KLPX_PATCH; echo b >&2"});
  ASSERT_TRUE(good);
  EXPECT_EQ(good->wait_status, 0);
  EXPECT_EQ(good->output, "fix\nb\n");
  const auto bad = RunToEnd({"/bin/sh", "-c", "exit 3"});
  ASSERT_TRUE(bad);
  EXPECT_EQ(EndWords(*bad), "exit status 3");
  const auto killed = RunToEnd({"/bin/sh", "-c", "kill -9 $$"});
  ASSERT_TRUE(killed);
  EXPECT_EQ(EndWords(*killed), "killed by signal 9");
}

TEST(CommandProbeTest, KeepsTheEndOfMuchOutput) {
  const auto end = RunToEnd(
      {"/bin/sh", "-c",
       "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done"});
  ASSERT_TRUE(end);
  EXPECT_LE(end->output.size(), 2000);
  EXPECT_TRUE(absl::EndsWith(end->output, "line 2999\n"));
}

TEST(CommandProbeTest, ReportsAProgramThatCannotBeRun) {
  const auto end = RunToEnd({"/nowhere/check"});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->start_error, ENOENT);
  EXPECT_EQ(EndWords(*end), "No such file or directory");
}

TEST(CommandProbeTest, TakesNothingFromTheCallersEnvironment) {
  setenv("KLPX_PATCH", "other", 1);
  setenv("LD_LIBRARY_PATH", "/nowhere", 1);
  const auto end = RunToEnd({"/usr/bin/env"});
  unsetenv("KLPX_PATCH");
  unsetenv("LD_LIBRARY_PATH");
  ASSERT_TRUE(end);
  EXPECT_EQ(
      end->output,
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
      "LANG=C.UTF-8\nKLPX_PATCH=fix\n");
  const auto where = RunToEnd({"/bin/sh", "-c", "pwd; umask"});
  ASSERT_TRUE(where);
  EXPECT_EQ(where->output, "/\n0022\n");
}

// Waits for the first line that the program prints.
pid_t PidThatIsPrinted(CommandProbe& probe) {
  const absl::Time end = absl::Now() + kPatience;
  while (!absl::StrContains(probe.output(), "\n") && absl::Now() < end) {
    EXPECT_FALSE(probe.Poll());
    absl::SleepFor(kPoll);
  }
  pid_t pid = 0;
  EXPECT_TRUE(absl::SimpleAtoi(absl::StripSuffix(probe.output(), "\n"), &pid));
  return pid;
}

// Like a program in D state: SIGKILL does not end it, so waiting for its end
// would block. Here its tracer, this test, stops it when it exits.
TEST(CommandProbeTest, DoesNotWaitForAProgramThatCannotBeKilled) {
  pid_t child = 0;
  {
    absl::StatusOr<CommandProbe> probe = CommandProbe::Start(
        {"/bin/sh", "-c", "echo $$; exec sleep 1000"}, "fix");
    ASSERT_TRUE(probe.ok());
    child = PidThatIsPrinted(*probe);
    ASSERT_EQ(ptrace(PTRACE_SEIZE, child, 0, PTRACE_O_TRACEEXIT), 0);
  }
  // To get here, the destructor must not have waited. It may have been told of
  // the stop, so ask for the stop rather than wait for it.
  const absl::Time end = absl::Now() + kPatience;
  siginfo_t stop = {};
  while (ptrace(PTRACE_GETSIGINFO, child, 0, &stop) != 0 && absl::Now() < end) {
    absl::SleepFor(kPoll);
  }
  EXPECT_EQ(stop.si_code, SIGTRAP | PTRACE_EVENT_EXIT << 8);
  ptrace(PTRACE_CONT, child, 0, 0);
  while (kill(child, 0) == 0 && absl::Now() < end) {
    RunToEnd({"/bin/true"});  // reaps it
  }
  EXPECT_NE(kill(child, 0), 0);
}

bool IsAlive(pid_t pid) { return kill(pid, 0) == 0; }

TEST(CommandProbeTest, KillsTheWholeGroup) {
  pid_t child = 0;
  {
    absl::StatusOr<CommandProbe> probe = CommandProbe::Start(
        {"/bin/sh", "-c", "sleep 1000 & echo $!; wait"}, "fix");
    ASSERT_TRUE(probe.ok());
    child = PidThatIsPrinted(*probe);
    EXPECT_TRUE(IsAlive(child));
  }
  // init reaps the zombie; without a reaper it would stay.
  for (int i = 0; i < 1000 && IsAlive(child); i++) absl::SleepFor(kPoll);
  EXPECT_FALSE(IsAlive(child));
}

}  // namespace
}  // namespace klpx
