// SPDX-License-Identifier: GPL-2.0
// The report of 'status'.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "controller/core/report/report.h"
#include "tests/unit/core/report/report_samples.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST(StatusReportTest, SaysThatThereIsNoEngine) {
  EXPECT_THAT(StatusText({}), HasSubstr("not loaded"));
}

TEST(StatusReportTest, SummarizesWhatBlocks) {
  StatusReport report;
  report.engine_abi = 1;
  report.patches = {Enabling()};
  report.blockers = {BlockerFor(KLPX_RUNNING), BlockerFor(KLPX_ON_FUNCTION),
                     BlockerFor(KLPX_RUNNING)};
  report.losses = LossCounters();
  EXPECT_THAT(StatusText(report), HasSubstr("1 on-function, 2 running"));
}

TEST(StatusReportTest, SaysWhyBlockersAreNotKnown) {
  StatusReport report;
  report.engine_abi = 1;
  report.patches = {Enabling()};
  report.observer_error = "needs root";
  EXPECT_THAT(StatusText(report), HasSubstr("unknown: needs root"));
}

StatusReport Replacing() {
  StatusReport report;
  report.engine_abi = 1;
  report.patches = {Enabled(), Enabling()};
  report.patches[0].name = "old";
  report.patches[0].replaced_by = "fix";
  report.patches[1].replaces = {"old"};
  return report;
}

TEST(StatusReportTest, ShowsReplacedPatchesThatWait) {
  const std::string text = StatusText(Replacing());
  EXPECT_THAT(text,
              HasSubstr("in transition: fix, enabling, replaces old, 2 tasks"));
  EXPECT_THAT(text, HasSubstr("  waits:     replaced by fix when that"));
  const auto json = nlohmann::json::parse(StatusJson(Replacing()));
  EXPECT_EQ(json["patches"][0]["replaced_by"], "fix");
  EXPECT_EQ(json["patches"][1]["replaces"][0], "old");
}

TEST(StatusReportTest, SaysWhichVersionIsCovered) {
  EXPECT_THAT(StatusText(Replacing()),
              HasSubstr("do_open,1 (fix has a newer version)"));
}

TEST(StatusReportTest, SaysWhatCanBeUnloaded) {
  StatusReport report;
  report.engine_abi = 1;
  report.patches = {LeftOver()};
  report.patches[0].refcount = 0;
  const std::string text = StatusText(report);
  EXPECT_THAT(text, HasSubstr("can be unloaded: old\n"));
  EXPECT_THAT(text, HasSubstr("'klp-controller unload old' removes it"));
}

TEST(StatusReportTest, SaysWhatCannotBeUnloaded) {
  StatusReport report;
  report.engine_abi = 1;
  report.patches = {LeftOver()};
  report.patches[0].refcount = 1;
  const std::string text = StatusText(report);
  EXPECT_THAT(text, HasSubstr("stay loaded (forced, or in use): old\n"));
  EXPECT_THAT(text, Not(HasSubstr("unload")));
}

TEST(StatusReportTest, NamesPatchesWithoutModuleExit) {
  StatusReport report;
  report.engine_abi = 1;
  report.patches = {LeftOver()};
  report.patches[0].refcount = 0;
  report.patches[0].permanent = true;
  const std::string text = StatusText(report);
  EXPECT_THAT(text, HasSubstr("stay loaded (no module_exit()): old\n"));
  EXPECT_THAT(text,
              HasSubstr("it has no module_exit(), so it stays until reboot"));
  EXPECT_THAT(text, Not(HasSubstr("unload")));
}

TEST(StatusReportTest, SaysWhatIsAdopted) {
  StatusReport report;
  report.engine_abi = 1;
  report.patches = {Adopted()};
  EXPECT_THAT(StatusText(report),
              HasSubstr("  engine:    klpx (adopted; made for the kernel's"));
  EXPECT_THAT(StatusText(report), Not(HasSubstr("adopts")));
  report.adopts = false;
  EXPECT_THAT(StatusText(report), Not(HasSubstr("adopts")));
  report.adopts = true;
  EXPECT_THAT(StatusText(report), HasSubstr("klpx.ko adopts new patches"));
  EXPECT_THAT(SchemaErrors("klp.status", StatusJson(report)), IsEmpty());
}

TEST(StatusReportTest, BeginsWithAVerdict) {
  StatusReport report;
  EXPECT_THAT(StatusText(report), StartsWith("OK: no patch enabled, nothing"));
  report.engine_abi = 1;
  report.patches = {Enabled()};
  EXPECT_THAT(StatusText(report),
              StartsWith("OK: 1 patch enabled, nothing in transition\n"));
  report.notes = {"fix2: not loaded at boot"};
  EXPECT_THAT(StatusText(report), StartsWith("attention: 1 patch enabled"));
  report.patches = {Enabling()};
  report.next["fix"] = "policy reverses it in 41 s";
  EXPECT_THAT(StatusText(report),
              StartsWith("in transition: fix, enabling, 2 tasks left; policy "
                         "reverses it in 41 s\n"));
}

TEST(StatusReportTest, AdvisesOnTasksThatNoSignalMoves) {
  StatusReport report;
  report.engine_abi = 1;
  report.patches = {Enabling()};
  report.blockers = {BlockerFor(KLPX_RUNNING)};
  report.losses = LossCounters();
  EXPECT_THAT(StatusText(report), Not(HasSubstr("no signal moves it")));
  report.blockers[0].info.kthread = true;
  EXPECT_THAT(StatusText(report), HasSubstr("no signal moves it"));
}

TEST(StatusReportTest, SaysWhatWasForced) {
  StatusReport report;
  report.engine_abi = 1;
  report.patches = {Enabling()};
  report.patches[0].forced = true;
  const std::string text = StatusText(report);
  EXPECT_THAT(text, HasSubstr("stay loaded (forced, or in use): fix\n"));
  EXPECT_THAT(text, HasSubstr("forced:    tasks were forced out of it"));
}

TEST(StatusReportTest, WarnsOfLosses) {
  StatusReport report;
  report.engine_abi = 1;
  report.losses = LossCounters{9, 2, 0, 0};
  EXPECT_THAT(StatusText(report), HasSubstr("lost 2 reports"));
}

TEST(StatusReportTest, FitsItsSchema) {
  StatusReport report;
  report.host = kHost;
  EXPECT_THAT(SchemaErrors("klp.status", StatusJson(report)), IsEmpty());
  report.engine_abi = 1;
  report.patches = {Enabling(), LeftOver()};
  report.blockers = {BlockerFor(KLPX_RUNNING)};
  report.losses = LossCounters();
  report.daemon = true;
  report.patches[0].forces = {{1, true, 2}, {2, std::nullopt, 1}};
  EXPECT_THAT(SchemaErrors("klp.status", StatusJson(report)), IsEmpty());
}

TEST(StatusReportTest, CountsThePatchesOfEachEngine) {
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
