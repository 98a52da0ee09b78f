// SPDX-License-Identifier: GPL-2.0
// All checks of a patch file: the cheap ones first, and how far they go.
#include "controller/ops/patch/preflight_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "controller/core/base/error.h"
#include "controller/core/patch/patch_file.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PreflightFileTest : public testing::Test, protected CommandTest {
 protected:
  PreflightFileTest() {
    kernel.files["/sys/module/test_fix/notes/.note.gnu.build-id"] =
        ParsePatchFile(kernel.files[kFile])->build_id;
  }

  PreflightReport Run(const PreflightFileOptions& options = {}) {
    return PreflightFile(context.machine,
                         ParsePatchFile(kernel.files[kFile]).value(), options);
  }

  static bool Has(const PreflightReport& report, FindingCode code) {
    return std::any_of(
        report.findings.begin(), report.findings.end(),
        [&](const Finding& finding) { return finding.code == code; });
  }

  static bool Passes(const PreflightReport& report) {
    return FirstFatal(report.findings).ok();
  }

  void AddSleeper() {
    TaskStack task;
    task.tid = 42;
    task.comm = "napper";
    task.task_state = 1;
    task.frames = {0xffffffff81000110};  // in do_open()
    observer.stacks = {task};
  }
};

TEST_F(PreflightFileTest, APatchThatFitsPassesAndNothingIsTouched) {
  const PreflightReport report = Run();
  EXPECT_TRUE(Passes(report)) << FirstFatal(report.findings);
  ASSERT_TRUE(report.forecast.has_value());
  EXPECT_EQ(report.forecast->outlook, Outlook::kAtOnce);
  EXPECT_THAT(kernel.modules, IsEmpty());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(PreflightFileTest, EveryFunctionIsThereWithWhatIsKnownOfIt) {
  const PreflightReport report = Run();
  ASSERT_GE(report.functions.size(), 2u);
  EXPECT_EQ(report.functions[0].function.name, "do_open");
  EXPECT_TRUE(report.functions[0].present);
  EXPECT_EQ(report.functions[0].symbols, 1);
  EXPECT_EQ(report.functions[0].traceable, true);
}

TEST_F(PreflightFileTest, AModuleThatIsNoPatchEndsItAtOnce) {
  kernel.files[kFile] = ReadTestFile(TEST_MODULE_NONE);
  const PreflightReport report = Run({.all = true, .interval = {}});
  EXPECT_FALSE(Passes(report));
  EXPECT_THAT(report.functions, IsEmpty());
  EXPECT_FALSE(report.forecast.has_value());
}

TEST_F(PreflightFileTest, ARefusalEndsItUnlessAllIsAskedFor) {
  kernel.files["/sys/kernel/tracing/available_filter_functions"] = "x\n";
  EXPECT_THAT(Run().functions, IsEmpty());
  const PreflightReport all = Run({.all = true, .interval = {}});
  EXPECT_FALSE(Passes(all));
  EXPECT_FALSE(all.functions.empty());
}

TEST_F(PreflightFileTest, OfARefusedPatchNoTaskIsLookedFor) {
  kernel.files["/sys/kernel/tracing/available_filter_functions"] = "x\n";
  AddSleeper();
  const PreflightReport report = Run({.all = true, .interval = {}});
  EXPECT_FALSE(report.forecast.has_value());
  EXPECT_EQ(report.forecast_error, "");
}

TEST_F(PreflightFileTest, LooksAsOftenAndAsFarApartAsItIsTold) {
  AddSleeper();
  const PreflightReport report =
      Run({.looks = 3, .interval = absl::Seconds(2)});
  ASSERT_TRUE(report.forecast.has_value());
  EXPECT_EQ(report.forecast->looks, 3);
  EXPECT_EQ(kernel.now, absl::Seconds(104));
  ASSERT_THAT(report.forecast->in_the_way, SizeIs(1));
  EXPECT_EQ(report.forecast->in_the_way[0].task.tid, 42u);
  EXPECT_EQ(report.forecast->in_the_way[0].seen, 3);
}

TEST_F(PreflightFileTest, SaysWhyNoTaskWasLookedFor) {
  observer.walk_refusal = absl::InternalError("no BTF here");
  const PreflightReport report = Run();
  EXPECT_TRUE(Passes(report));
  EXPECT_FALSE(report.forecast.has_value());
  EXPECT_THAT(report.forecast_error, HasSubstr("no BTF here"));
}

TEST_F(PreflightFileTest, APatchThatIsInIsSaidToBe) {
  kernel.AddPatch(kName);
  const PreflightReport report = Run();
  EXPECT_TRUE(Has(report, FindingCode::kAlreadyEnabled));
  EXPECT_FALSE(Has(report, FindingCode::kNameTaken));
}

TEST_F(PreflightFileTest, AnotherBuildOfAPatchThatIsInIsRefused) {
  kernel.AddPatch(kName);
  kernel.files["/sys/module/test_fix/notes/.note.gnu.build-id"] = "another";
  const PreflightReport report = Run();
  EXPECT_TRUE(Has(report, FindingCode::kNameTaken));
  EXPECT_FALSE(Passes(report));
}

TEST_F(PreflightFileTest, ANameThatAnotherModuleHasIsTaken) {
  kernel.files["/sys/module/test_fix/initstate"] = "live\n";
  EXPECT_TRUE(Has(Run(), FindingCode::kNameTaken));
}

TEST_F(PreflightFileTest, ATransitionThatRunsKeepsItOut) {
  kernel.transition_time = absl::InfiniteDuration();
  FakePatch& other = kernel.AddPatch("other");
  other.transition = true;
  other.started = kernel.now;
  const PreflightReport report = Run();
  EXPECT_TRUE(Has(report, FindingCode::kTransitionRunning));
  EXPECT_FALSE(Passes(report));
}

TEST_F(PreflightFileTest, AnEngineOfAnotherAbiKeepsItOut) {
  kernel.modules = {KLPX_MODULE_NAME};
  kernel.files["/sys/module/klpx/stats/abi"] = "1000000\n";
  EXPECT_TRUE(Has(Run(), FindingCode::kEngineAbi));
}

}  // namespace
}  // namespace klpx
