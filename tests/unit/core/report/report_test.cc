// SPDX-License-Identifier: GPL-2.0
#include "controller/core/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "controller/core/base/error.h"
#include "tests/unit/core/report/report_samples.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

BlockingReport Blocking() {
  BlockingReport report;
  report.host = kHost;
  report.patch = Enabling();
  report.blockers = {BlockerFor(KLPX_ON_FUNCTION)};
  report.losses = LossCounters();
  return report;
}

TEST(ListReportTest, ShowsOnePatchPerRow) {
  EXPECT_EQ(ListText({Enabling(), LeftOver()}),
            "PATCH  STATE     ORDER  VERSION  FUNCTIONS  PENDING\n"
            "fix    enabling  1      1.0      1          2\n"
            "old    disabled  -      -        0          -\n");
}

TEST(ListReportTest, ShowsOnlyColumnsThatSaySomething) {
  PatchState patch = Enabled();
  patch.replace = true;
  patch.replace_set = 3;
  patch.objects[0].functions[0].owner = "other";
  EXPECT_EQ(ListText({patch}),
            "PATCH  STATE    ORDER  VERSION  REPLACE  SET  FUNCTIONS  NEWEST  "
            "PENDING\n"
            "fix    enabled  1      1.0      yes      3    1          0       "
            "0\n");
}

TEST(ListReportTest, ShowsOneFunctionPerRow) {
  PatchState older = Enabled();
  older.name = "old";
  EXPECT_EQ(FunctionsText({older, Enabling()}),
            "OBJECT   FUNCTION  SYMPOS  PATCH  STATE     BELOW\n"
            "vmlinux  do_open   1       fix    enabling  old\n");
}

TEST(ListReportTest, ShowsFunctionsThatWaitForTheirModule) {
  PatchState patch = Enabled();
  patch.objects = {{"ext4", false, {{"do_open", "1"}}}};
  EXPECT_THAT(FunctionsText({patch}), HasSubstr("fix    no module  -"));
}

TEST(ListReportTest, JsonHasTheFunctions) {
  const auto json = nlohmann::json::parse(ListJson(kHost, {Enabled()}));
  EXPECT_EQ(json["functions"][0]["name"], "do_open");
  EXPECT_EQ(json["functions"][0]["owner"], "fix");
  EXPECT_EQ(json["patches"][0]["functions"], 1);
}

TEST(ListReportTest, FitsItsSchema) {
  EXPECT_THAT(
      SchemaErrors("klp.list", ListJson(kHost, {Enabling(), LeftOver()})),
      IsEmpty());
}

TEST(BlockingReportTest, FitsIntoATicket) {
  EXPECT_EQ(BlockingText(Blocking()),
            "fix: patching 8/10 tasks, 3.00s\n"
            "web1, Linux 6.12.1, 1970-01-01 00:00:00 UTC\n"
            "\n"
            "TID  PID  COMM    STATE  REASON       FUNCTION  AGE    CPU  "
            "CGROUP\n"
            "42   40   reader  S      on-function  do_open   4.00s  0    "
            "/system.slice/a.service\n"
            "\n"
            "on-function: 'klp-controller signal fix' wakes user tasks\n"
            "callbacks: pre_patch of vmlinux has run: what it has stopped or\n"
            "  changed stays so until the transition ends, or until\n"
            "  'klp-controller reverse fix'\n");
}

TEST(BlockingReportTest, ShowsSignalsOnceThereAreSome) {
  BlockingReport report = Blocking();
  EXPECT_THAT(BlockingText(report), Not(HasSubstr("SIGNALS")));
  report.blockers[0].info.signals = 3;
  EXPECT_THAT(BlockingText(report), HasSubstr("SIGNALS"));
}

TEST(BlockingReportTest, ShowsStacksAndCommandsWhenVerbose) {
  BlockingReport report = Blocking();
  EXPECT_THAT(BlockingText(report), Not(HasSubstr("vfs_read")));
  report.verbose = true;
  EXPECT_THAT(BlockingText(report),
              HasSubstr("42 reader: /bin/reader --now\n"
                        "  do_open+0x10\n  vfs_read+0x20\n"));
}

TEST(BlockingReportTest, AdvisesOnEveryReason) {
  for (int reason = KLPX_NOT_CHECKED; reason <= KLPX_EXITING; reason++) {
    BlockingReport report = Blocking();
    report.blockers = {BlockerFor(static_cast<klpx_reason>(reason))};
    const std::string word(nlohmann::json::parse(
        BlockingJson(report, false))["blockers"][0]["reason"]);
    EXPECT_THAT(BlockingText(report), HasSubstr("\n" + word + ": "));
  }
}

TEST(BlockingReportTest, NamesTheFunctionThatABpfTrampolineCalled) {
  BlockingReport report = Blocking();
  report.blockers = {BlockerFor(KLPX_UNRELIABLE_STACK)};
  report.blockers[0].info.function[0] = '\0';
  EXPECT_THAT(BlockingText(report), Not(HasSubstr("[bpf]")));
  report.blockers[0].stack = {"do_wait+0x2e", "do_open+0x10",
                              "bpf_trampoline_6442+0x5f", "vfs_read+0x20"};
  EXPECT_THAT(BlockingText(report), HasSubstr("  do_open [bpf]  "));
  EXPECT_THAT(BlockingText(report), HasSubstr("\n[bpf]: "));
  // The stack could be read for certain, so the trampoline does not block.
  report.blockers[0].info.reason = KLPX_RUNNING;
  EXPECT_THAT(BlockingText(report), Not(HasSubstr("[bpf]")));
}

TEST(BlockingReportTest, SaysThatNothingBlocks) {
  EXPECT_THAT(BlockingText({}), HasSubstr("nothing blocks"));
}

TEST(BlockingReportTest, CannotDriveTheTerminal) {
  BlockingReport report = Blocking();
  report.verbose = true;
  snprintf(report.blockers[0].info.comm, KLPX_COMM_LEN, "\033[2J");
  report.blockers[0].cmdline = "\033]0;x";
  EXPECT_THAT(BlockingText(report), Not(HasSubstr("\033")));
}

TEST(BlockingReportTest, FitsItsSchema) {
  EXPECT_THAT(SchemaErrors("klp.blocking", BlockingJson({}, false)), IsEmpty());
  BlockingReport report = Blocking();
  Blocker idle = BlockerFor(KLPX_IDLE);
  idle.info.key = {0, 3, 0};
  report.blockers.push_back(idle);
  EXPECT_THAT(SchemaErrors("klp.blocking", BlockingJson(report, false)),
              IsEmpty());
}

TEST(BlockingReportTest, StreamsOneRecordPerLine) {
  const std::string line = BlockingJson(Blocking(), true);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(BlockingReportTest, TurnsInvalidUtf8IntoJson) {
  BlockingReport report = Blocking();
  report.blockers[0].cmdline = "\xff\xfe";
  EXPECT_THAT(SchemaErrors("klp.blocking", BlockingJson(report, false)),
              IsEmpty());
}

TEST(ActionReportTest, FitsItsSchema) {
  ActionReport report;
  report.verb = "signal";
  report.result = "sent";
  report.affected = {BlockerFor(KLPX_RUNNING)};
  report.warnings = {"careful"};
  EXPECT_THAT(SchemaErrors("klp.action", ActionJson(kHost, report)), IsEmpty());
}

TEST(CheckReportTest, FitsItsSchema) {
  EXPECT_THAT(SchemaErrors("klp.check", CheckJson(kHost, {})), IsEmpty());
  EXPECT_THAT(SchemaErrors("klp.check", CheckJson(kHost, {Enabling()})),
              IsEmpty());
}

TEST(ErrorReportTest, FitsItsSchema) {
  const std::string json =
      ErrorJson(kHost, "enable", MakeError(ErrorKind::kNameTaken, "taken"));
  EXPECT_THAT(SchemaErrors("klp.error", json), IsEmpty());
  EXPECT_EQ(nlohmann::json::parse(json)["error"]["code"], "name_taken");
  EXPECT_EQ(nlohmann::json::parse(json)["error"]["exit_code"], 17);
}

TEST(ErrorReportTest, IsOneLine) {
  EXPECT_EQ(ErrorText(MakeError(ErrorKind::kUsage, "no")),
            "klp-controller: no\n");
}

PatchState Theirs() {
  PatchState patch = Enabling();
  patch.name = "theirs";
  patch.engine = Engine::kKernel;
  patch.tasks.reset();
  patch.elapsed_ms.reset();
  patch.stack_order.reset();
  return patch;
}

BlockingReport BlockingBoth() {
  BlockingReport report = Blocking();
  report.others = {Theirs()};
  Blocker blocker = BlockerFor(KLPX_UNRELIABLE_STACK);
  snprintf(blocker.info.patch, KLPX_PATCH_NAME_LEN, "theirs");
  blocker.info.engine = KLPX_ENGINE_KERNEL;
  report.blockers.push_back(blocker);
  return report;
}

TEST(BothEnginesReportTest, ShowsWhichTasksBlockWhichEngine) {
  const std::string text = BlockingText(BlockingBoth());
  EXPECT_THAT(text, HasSubstr("theirs: patching, 2 tasks left\n"));
  EXPECT_THAT(text, HasSubstr("PATCH"));
  EXPECT_THAT(text, HasSubstr("'klp-controller signal fix'"));
  EXPECT_THAT(text, HasSubstr("unreliable-stack: inferred"));
  EXPECT_THAT(text, Not(HasSubstr("signal theirs")));
}

TEST(BothEnginesReportTest, WhatAnEngineDoesNotReportIsNull) {
  const std::string text = BlockingJson(BlockingBoth(), /*one_line=*/false);
  EXPECT_THAT(SchemaErrors("klp.blocking", text), IsEmpty());
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["transitions"].size(), 2u);
  EXPECT_TRUE(json["transitions"][1]["elapsed_ms"].is_null());
  EXPECT_EQ(json["blockers"][0]["signals"], 0);
  EXPECT_TRUE(json["blockers"][1]["signals"].is_null());
}

TEST(BothEnginesReportTest, StatusCountsEachEngine) {
  StatusReport report;
  report.host = kHost;
  report.engine_abi = 1;
  report.kernel_engine = true;
  report.patches = {Enabled(), Theirs()};
  const std::string text = StatusText(report);
  EXPECT_THAT(text, HasSubstr("ABI 1, 1 patch\n"));
  EXPECT_THAT(text, HasSubstr("the kernel's own livepatch has 1 patch\n"));
  EXPECT_THAT(SchemaErrors("klp.status", StatusJson(report)), IsEmpty());
}

}  // namespace
}  // namespace klpx
