// SPDX-License-Identifier: GPL-2.0
#include "controller/core/kernel/file_parsers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kKallsyms[] =
    "ffffffff81000000 T do_open\n"
    "ffffffff81000010 t active_show\n"
    "ffffffff81000020 t active_show\n"
    "ffffffffc0000000 t do_open\t[ext4]\n"
    "ffffffffc0000010 t do_open\t[bpf]\n";

TEST(CountSymbolsTest, CountsByObject) {
  const auto counts = CountSymbols(kKallsyms, {{"vmlinux", "do_open"},
                                               {"vmlinux", "active_show"},
                                               {"ext4", "do_open"},
                                               {"vmlinux", "none"}});
  EXPECT_EQ(counts.at({"vmlinux", "do_open"}), 1);
  EXPECT_EQ(counts.at({"vmlinux", "active_show"}), 2);
  EXPECT_EQ(counts.at({"ext4", "do_open"}), 1);
  EXPECT_FALSE(counts.contains(FunctionKey("vmlinux", "none")));
}

TEST(CountSymbolsTest, SkipsInvalidLines) {
  EXPECT_THAT(CountSymbols("\n\nx\nx T\nx T \n  \n", {{"vmlinux", ""}}),
              testing::SizeIs(testing::Le(1)));
}

TEST(FindTraceableTest, DistinguishesModulesFromTheKernel) {
  const FunctionSet found = FindTraceable(
      "do_open [ext4]\ndo_close\n",
      {{"vmlinux", "do_open"}, {"ext4", "do_open"}, {"vmlinux", "do_close"}});
  EXPECT_THAT(
      found, testing::UnorderedElementsAre(FunctionKey("ext4", "do_open"),
                                           FunctionKey("vmlinux", "do_close")));
}

TEST(FindKprobesTest, DistinguishesEntryAndBody) {
  const auto probes = FindKprobes(
      "ffffffff81000004  k  do_open+0x4    [DISABLED][FTRACE]\n"
      "ffffffff81000010  r  do_open+0x10    [OPTIMIZED]\n"
      "ffffffffc0000000  k  do_open+0x0  ext4 \n"
      "\n  k\n",
      {{"vmlinux", "do_open"}, {"ext4", "do_open"}});
  ASSERT_EQ(probes.size(), 3u);
  EXPECT_TRUE(probes[0].by_ftrace);
  EXPECT_EQ(probes[0].offset, 4u);
  EXPECT_EQ(probes[0].kind, "kprobe");
  EXPECT_FALSE(probes[1].by_ftrace);
  EXPECT_EQ(probes[1].offset, 16u);
  EXPECT_EQ(probes[1].kind, "kretprobe");
  EXPECT_EQ(probes[2].function, FunctionKey("ext4", "do_open"));
}

TEST(LockdownModeTest, ReadsTheModeInBrackets) {
  EXPECT_EQ(LockdownMode("none [integrity] confidentiality\n"), "integrity");
  EXPECT_EQ(LockdownMode("[none] integrity confidentiality\n"), "");
  EXPECT_EQ(LockdownMode(""), "");
}

TEST(FindFtraceUsersTest, NamesTheHandlerThatRedirects) {
  const auto users = FindFtraceUsers(
      "do_open (1) R I     \ttramp: 0xffffffffc0200000 "
      "(klp_ftrace_handler+0x0/0x1b0)->klp_ftrace_handler+0x0/0x1b0\n",
      {{"vmlinux", "do_open"}});
  ASSERT_EQ(users.size(), 1u);
  EXPECT_TRUE(users[0].ip_modify);
  EXPECT_FALSE(users[0].direct);
  EXPECT_EQ(users[0].owner, "klp_ftrace_handler");
}

TEST(FindFtraceUsersTest, KeepsTheModuleOfTheHandler) {
  const auto users = FindFtraceUsers(
      "do_open (1)   I     \ttramp: 0xffffffffc0200000 "
      "(handler+0x0/0x1b0 [klpx])->handler+0x0/0x1b0 [klpx]\n",
      {{"vmlinux", "do_open"}});
  ASSERT_EQ(users.size(), 1u);
  EXPECT_EQ(users[0].owner, "handler [klpx]");
}

TEST(FindFtraceUsersTest, NamesTheDirectTrampoline) {
  const auto users = FindFtraceUsers(
      "do_open (1)     D   \ttramp: ftrace_regs_caller+0x0/0x80 "
      "(call_direct_funcs+0x0/0x20)->call_direct_funcs+0x0/0x20\n"
      "\tdirect-->bpf_trampoline_6442513600+0x0/0x100\n",
      {{"vmlinux", "do_open"}});
  ASSERT_EQ(users.size(), 1u);
  EXPECT_FALSE(users[0].ip_modify);
  EXPECT_TRUE(users[0].direct);
  EXPECT_EQ(users[0].owner, "bpf_trampoline_6442513600");
}

TEST(FindFtraceUsersTest, LeavesATracerAlone) {
  const auto users = FindFtraceUsers(
      "do_open (2)         \t->ftrace_ops_list_func+0x0/0x200\n",
      {{"vmlinux", "do_open"}});
  ASSERT_EQ(users.size(), 1u);
  EXPECT_FALSE(users[0].ip_modify);
  EXPECT_FALSE(users[0].direct);
}

TEST(FindFtraceUsersTest, DoesNotMixUpFunctions) {
  EXPECT_THAT(FindFtraceUsers("other (1) R I \ttramp: 0x1 (x+0x0/0x1)\n"
                              "\tdirect-->y+0x0/0x1\n",
                              {{"vmlinux", "do_open"}}),
              IsEmpty());
}

TEST(CgroupPathTest, PrefersTheUnifiedHierarchy) {
  EXPECT_EQ(CgroupPath("4:memory:/old\n0::/system.slice/a.service\n"),
            "/system.slice/a.service");
  EXPECT_EQ(CgroupPath("4:memory:/old\n"), "/old");
  EXPECT_EQ(CgroupPath("nonsense"), "");
}

TEST(UserTest, IsTheEffectiveUserWithItsLocalName) {
  constexpr char kStatus[] = "Name:\tUid:\nUid:\t0\t33\t0\t0\nGid:\t1\n";
  constexpr char kPasswd[] = "root:x:0:0::/:/bin/sh\nwww:x:33:33::/:/bin/sh\n";
  const std::optional<TaskUids> uids = ParseUids(kStatus);
  ASSERT_TRUE(uids.has_value());
  EXPECT_EQ(uids->real, 0u);
  EXPECT_EQ(uids->effective, 33u);
  EXPECT_FALSE(ParseUids("Name:\tx\n").has_value());
  EXPECT_EQ(UserName(kPasswd, 33), "www");
  EXPECT_EQ(UserName(kPasswd, 34), "");
}

TEST(LogComplaintsTest, TakesOnlyLinesOfEnginesAndOfTheModule) {
  EXPECT_THAT(
      LogComplaints("3,1,100,-;klpx: symbol 'b' not found in symbol table\n"
                    "4,2,100,-;usb: klpx: no\n"
                    " SUBSYSTEM=x\n"
                    "nonsense;klpx: no\n"
                    "4,3,100,-;fix: Unknown symbol x (err -22)\n"
                    "4,4,100,-;fix2: Unknown symbol x (err -22)\n",
                    "fix"),
      ElementsAre("symbol 'b' not found in symbol table",
                  "Unknown symbol x (err -22)"));
}

TEST(LogComplaintsTest, LeavesOutLinesThatAreNoComplaints) {
  EXPECT_THAT(LogComplaints("5,1,100,-;klpx: enabling patch 'fix'\n"
                            "30,2,100,-;klpx: from a daemon, level info\n"
                            "12,3,100,-;klpx: from a user, level warning\n",
                            "fix"),
              IsEmpty());
}

TEST(FindModulePathTest, FindsAModuleByItsName) {
  const std::string list =
      "kernel/a.ko.xz:\nextra/a-fix.ko: extra/klpx.ko\n/opt/b_fix.ko:\n";
  EXPECT_EQ(FindModulePath(list, "a_fix"), "extra/a-fix.ko");
  EXPECT_EQ(FindModulePath(list, "b_fix"), "/opt/b_fix.ko");
  EXPECT_EQ(FindModulePath(list, "a"), "kernel/a.ko.xz");
}

TEST(FindModulePathTest, LeavesOutMissingModules) {
  EXPECT_EQ(FindModulePath("kernel/a.ko.xz:\nkernel/b.o:\n", "b"), "");
  EXPECT_EQ(FindModulePath("", "a"), "");
}

TEST(KindOfLogLineTest, KnowsWhyTheEngineRefuses) {
  EXPECT_EQ(KindOfLogLine("'fix': policy 'x' refuses to enable it (-13)"),
            ErrorKind::kRefused);
  EXPECT_EQ(KindOfLogLine("symbol 'b' not found in symbol table"),
            ErrorKind::kUnknownFunction);
  EXPECT_EQ(KindOfLogLine("symbol position 3 for symbol 'b' not found"),
            ErrorKind::kUnknownFunction);
  EXPECT_EQ(KindOfLogLine("unresolvable ambiguity for symbol 'b'"),
            ErrorKind::kAmbiguousFunction);
  EXPECT_EQ(KindOfLogLine("failed to find location for function 'b'"),
            ErrorKind::kNotTraceable);
  EXPECT_EQ(KindOfLogLine("disagrees about version of symbol x"),
            ErrorKind::kNoEngine);
  EXPECT_EQ(KindOfLogLine("Livepatch patch (b) is not compatible with the "
                          "already installed livepatches."),
            ErrorKind::kRefused);
  EXPECT_EQ(KindOfLogLine("enabling patch 'b'"), ErrorKind::kFailure);
}

}  // namespace
}  // namespace klpx
