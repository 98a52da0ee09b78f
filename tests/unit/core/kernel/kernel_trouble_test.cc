// SPDX-License-Identifier: GPL-2.0
#include "controller/core/kernel/kernel_trouble.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace klpx {
namespace {

constexpr char kComplete[] =
    "5,812,100000000,-;klpx: 'fix': patching complete\n";
constexpr int64_t kCompletedNs = 100'000'000'000;

TEST(IsTroubleTest, RecognizesReportsOfTheKernel) {
  for (const char* line : {
           "------------[ cut here ]------------",
           "WARNING: CPU: 1 PID: 812 at fs/eventfd.c:217 eventfd_read+0x1/0x2",
           "WARNING: fs/eventfd.c:217 at eventfd_read+0x173/0x1a0, CPU#1: "
           "cat/812",
           "WARNING: possible circular locking dependency detected",
           "WARNING: suspicious RCU usage",
           "BUG: kernel NULL pointer dereference, address: 0000000000000008",
           "BUG: KASAN: slab-use-after-free in eventfd_read+0x10/0x20",
           "BUG: scheduling while atomic: cat/812/0x00000002",
           "BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck",
           "kernel BUG at mm/slub.c:448!",
           "Oops: 0000 [#1] PREEMPT SMP NOPTI",
           "Oops: general protection fault, probably for non-canonical "
           "address",
           "general protection fault, probably for non-canonical address "
           "0xdead000000000122: 0000 [#1] PREEMPT SMP",
           "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [cat:812]",
           "watchdog: Watchdog detected hard LOCKUP on cpu 1",
           "watchdog: CPU1: Watchdog detected hard LOCKUP on cpu 0",
           "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
           "rcu: INFO: rcu_preempt self-detected stall on CPU",
           "rcu: INFO: rcu_sched detected expedited stalls on CPUs/tasks: { "
           "1-...D }",
           "INFO: task cat:812 blocked for more than 120 seconds.",
           "INFO: rcu_tasks detected stalls on tasks:",
           "------------[ ftrace bug ]------------",
           "UBSAN: array-index-out-of-bounds in fs/eventfd.c:217:3",
           "Kernel panic - not syncing: Fatal exception",
       }) {
    EXPECT_TRUE(IsTrouble(line)) << line;
  }
}

TEST(IsTroubleTest, IsNotFooledByLookalikes) {
  for (const char* line : {
           "",
           "WARNING: Support for the old interface ends soon",
           "systemd[1]: BUG: unit went away",
           "usb 1-1: WARNING: CPU: is slow",
           "mydriver: kernel BUG at nothing",
           "traps: cat[812] general protection fault ip:7f sp:7f error:0",
           "traps: cat[812] trap invalid opcode ip:7f sp:7f error:0 in cat",
           "DEBUG: BUG: quoted",
           "BUG",
           "INFO: task list is empty",
           "rcu: Hierarchical RCU implementation.",
           "rcu: RCU calculated value of scheduler-enlistment delay is 25",
           "watchdog: Delayed init of the lockup detector failed: -19",
           "NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.",
           "hung_task: ignoring",
           "Oopsy",
           "cat[812]: segfault at 8 ip 00007f error 4",
           "x86/fpu: Supporting XSAVE feature 0x001: 'x87 floating point'",
       }) {
    EXPECT_FALSE(IsTrouble(line)) << line;
  }
}

TEST(FindTroubleTest, ReadsFromTheCompletionOn) {
  const std::string before =
      "4,700,99000000,-;WARNING: CPU: 0 PID: 1 at a.c:1 a+0x1/0x2\n";
  EXPECT_FALSE(FindTrouble(before + kComplete, "fix", kCompletedNs, true));
  const std::string after = "1,813,100000100,-;BUG: Bad page state\n";
  EXPECT_EQ(FindTrouble(absl::StrCat(before, kComplete, after), "fix",
                        kCompletedNs, true),
            "BUG: Bad page state");
}

// The clock of the log may be seconds off after weeks, but the order is right.
TEST(FindTroubleTest, TrustsTheOrderOfRecordsRatherThanTheirTime) {
  const std::string log =
      "4,700,100900000,-;BUG: of before\n"
      "5,701,100950000,-;klpx: 'fix': patching complete\n"
      "6,702,100960000,-;all is well\n";
  EXPECT_FALSE(FindTrouble(log, "fix", kCompletedNs, true));
}

TEST(FindTroubleTest, TakesTheLastCompletionOfThePatch) {
  const std::string log = absl::StrCat(
      kComplete, "4,813,100000100,-;BUG: in its first life\n", kComplete,
      "5,815,100000300,-;klpx: 'fix2': patching complete\n");
  EXPECT_FALSE(FindTrouble(log, "fix", kCompletedNs, true));
  EXPECT_TRUE(FindTrouble(log, "fi", kCompletedNs, true));  // by time
}

TEST(FindTroubleTest, UsesTheTimeIfTheRecordWasOverwritten) {
  const std::string log =
      "4,900,99999999,-;BUG: of before\n"
      "6,901,100000001,-;fine\n";
  EXPECT_FALSE(FindTrouble(log, "fix", kCompletedNs, true));
  EXPECT_TRUE(FindTrouble(log + "4,902,100000002,-;BUG: now\n", "fix",
                          kCompletedNs, true));
}

// A write to /dev/kmsg gets facility 1 (user).
TEST(FindTroubleTest, DoesNotBelieveUserSpace) {
  const std::string log =
      absl::StrCat("12,811,100000000,-;BUG: made up\n", kComplete,
                   "12,813,100000100,-;BUG: made up\n"
                   "13,814,100000200,-;klpx: 'fix': patching complete\n"
                   "4,815,100000300,-;fine\n");
  EXPECT_FALSE(FindTrouble(log, "fix", kCompletedNs, true));
  const std::string hidden =
      absl::StrCat(kComplete,
                   "4,813,100000100,-;BUG: real\n"
                   "13,814,100000200,-;klpx: 'fix': patching complete\n");
  EXPECT_EQ(FindTrouble(hidden, "fix", kCompletedNs, true), "BUG: real");
}

// A program whose name has these 15 characters can make the kernel print each
// of these lines, followed by a file name of its choice.
TEST(FindTroubleTest, DoesNotBelieveTheNameOfAProcess) {
  for (const char* line : {
           "BUG: fake[19027]: segfault at 8 ip 000055fc98b1e132 sp "
           "00007ffc5b95e640 error 6 in BUG: fake[1132,55fc98b1e000+1000]",
           "WARNING: CPU: [7]: segfault at 8 ip 0 sp 0 error 6 in  PID: [1+1]",
           "WARNING: x[7]: segfault at 8 ip 0 sp 0 error 6 in , CPU#[1+1]",
           "WARNING: possib[7]: segfault at 8 ip 0 sp 0 error 6 in le[1+1]",
           "INFO: task x[7]: segfault at 8 ip 0 sp 0 error 6 in  blocked for "
           "more than 120 seconds.[1+1]",
           "watchdog: BUG: [7]: segfault at 8 ip 0 sp 0 error 6 in x[1+1]",
           "watchdog: CPU1:[7] control protection ip:0 sp:0 ssp:0 error:1(x) "
           "in hard LOCKUP[1+1]",
           "rcu: INFO: rcu_[7]: segfault at 8 ip 0 sp 0 error 6 in  detected "
           "stalls on [1+1]",
           "UBSAN: [7]: segfault at 8 ip 0 sp 0 error 6 in x[1+1]",
           "Oops: [7] vsyscall read attempt denied ip:0 cs:33 sp:0 ax:0",
           "kernel BUG at [7]: segfault at 8 ip 0 sp 0 error 6 in x[1+1]",
           "Kernel panic - [7]: segfault at 8 ip 0 sp 0 error 6 in x[1+1]",
       }) {
    const std::string log =
        absl::StrCat(kComplete, "0,813,100000100,-;", line, "\n");
    EXPECT_FALSE(FindTrouble(log, "fix", kCompletedNs, false)) << line;
  }
}

TEST(FindTroubleTest, BelievesLinesThatNoNameCanImitate) {
  for (const char* line : {
           "WARNING: possible circular locking dependency detected",
           "BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck",
           "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [cat:812]",
           "watchdog: CPU1: Watchdog detected hard LOCKUP on cpu 0",
           "rcu: INFO: rcu_preempt self-detected stall on CPU",
           "general protection fault, probably for non-canonical address "
           "0xdead000000000122: 0000 [#1] PREEMPT SMP",
       }) {
    const std::string log =
        absl::StrCat(kComplete, "3,813,100000100,-;", line, "\n");
    EXPECT_EQ(FindTrouble(log, "fix", kCompletedNs, false), line);
  }
}

TEST(FindTroubleTest, AHungTaskNeedsItsHint) {
  const std::string hung =
      absl::StrCat(kComplete,
                   "3,813,100000100,-;INFO: task cat:812 blocked for more than "
                   "120 seconds.\n"
                   "3,814,100000101,-;      Not tainted 6.12.0 #1\n");
  EXPECT_FALSE(FindTrouble(hung, "fix", kCompletedNs, false));
  EXPECT_EQ(
      FindTrouble(hung +
                      "3,815,100000102,-;\"echo 0 > "
                      "/proc/sys/kernel/hung_task_timeout_secs\" disables this "
                      "message.\n",
                  "fix", kCompletedNs, false),
      "INFO: task cat:812 blocked for more than 120 seconds.");
}

TEST(FindTroubleTest, NamesTheLineAfterTheSeparator) {
  const std::string log = absl::StrCat(
      kComplete, "4,813,100000100,-;------------[ cut here ]------------\n",
      "4,814,100000200,-;WARNING: CPU: 0 PID: 1 at a.c:1 a+0x1/0x2\n");
  EXPECT_EQ(FindTrouble(log, "fix", kCompletedNs, true),
            "WARNING: CPU: 0 PID: 1 at a.c:1 a+0x1/0x2");
  const std::string alone = absl::StrCat(
      kComplete, "4,813,100000100,-;------------[ cut here ]------------\n");
  EXPECT_TRUE(FindTrouble(alone, "fix", kCompletedNs, true));
}

TEST(FindTroubleTest, SurvivesAnything) {
  for (const char* log :
       {"", "\n\n", ";", "4;x", "4,1;BUG: x", "a,b,c;BUG: x", "-4,1,2,-;BUG: x",
        "4,1,99999999999999999999,-;BUG: x", " SUBSYSTEM=pci;BUG: x",
        "4,1,-2,-;BUG: x", "4,1,9223372036854775807,-;BUG: x"}) {
    EXPECT_FALSE(FindTrouble(log, "fix", 0, true)) << log;
  }
}

}  // namespace
}  // namespace klpx
