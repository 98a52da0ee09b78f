// SPDX-License-Identifier: GPL-2.0
// The report of 'blocking', as text and as JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "controller/core/report/report.h"
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

TEST(BlockingReportTest, IsAPageForATicket) {
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

BlockingReport BlockingBoth() {
  BlockingReport report = Blocking();
  report.others = {Theirs()};
  Blocker blocker = BlockerFor(KLPX_UNRELIABLE_STACK);
  snprintf(blocker.info.patch, KLPX_PATCH_NAME_LEN, "theirs");
  blocker.info.engine = KLPX_ENGINE_KERNEL;
  report.blockers.push_back(blocker);
  return report;
}

TEST(BlockingReportTest, ShowsWhichTaskIsInTheWayOfWhich) {
  const std::string text = BlockingText(BlockingBoth());
  EXPECT_THAT(text, HasSubstr("theirs: patching, 2 tasks left\n"));
  EXPECT_THAT(text, HasSubstr("PATCH"));
  EXPECT_THAT(text, HasSubstr("'klp-controller signal fix'"));
  EXPECT_THAT(text, HasSubstr("unreliable-stack: inferred"));
  EXPECT_THAT(text, Not(HasSubstr("signal theirs")));
}

TEST(BlockingReportTest, WhatAnEngineDoesNotTellIsNull) {
  const std::string text = BlockingJson(BlockingBoth(), /*one_line=*/false);
  EXPECT_THAT(SchemaErrors("klp.blocking", text), IsEmpty());
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["transitions"].size(), 2u);
  EXPECT_TRUE(json["transitions"][1]["elapsed_ms"].is_null());
  EXPECT_EQ(json["blockers"][0]["signals"], 0);
  EXPECT_TRUE(json["blockers"][1]["signals"].is_null());
}

TEST(BlockingReportTest, ThreadsOfAProcessAreOneRowUnlessAllAreAskedFor) {
  BlockingReport report = Blocking();
  for (uint32_t tid = 43; tid < 46; tid++) {
    report.blockers.push_back(BlockerFor(KLPX_ON_FUNCTION));
    report.blockers.back().info.key.tid = tid;
  }
  EXPECT_THAT(BlockingText(report), Not(HasSubstr("\n43 ")));
  report.all = true;
  EXPECT_THAT(BlockingText(report), HasSubstr("\n43 "));
  EXPECT_THAT(BlockingText(report), HasSubstr("\n45 "));
}

TEST(BlockingReportTest, JsonHasEveryThreadWhateverTheTextShows) {
  BlockingReport report = Blocking();
  report.blockers.push_back(BlockerFor(KLPX_ON_FUNCTION));
  report.blockers.back().info.key.tid = 43;
  const auto json = nlohmann::json::parse(BlockingJson(report, false));
  EXPECT_EQ(json["blockers"].size(), 2u);
}

}  // namespace
}  // namespace klpx
