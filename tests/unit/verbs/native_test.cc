// SPDX-License-Identifier: GPL-2.0
// The verbs on patches of the kernel's own livepatch, with and without klpx.ko.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/data/test_files.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class NativeTest : public testing::Test, protected CommandTest {
 protected:
  NativeTest() {
    kernel.files["/sys/kernel/livepatch"] = "";
    kernel.files[kFile] = ReadTestFile(TEST_MODULE_KERNEL);
  }

  FakePatch& Moving(const std::string& name, Engine engine) {
    FakePatch& patch = kernel.AddPatch(name, engine);
    patch.transition = true;
    patch.started = kernel.now;
    kernel.transition_time = absl::InfiniteDuration();
    return patch;
  }

  absl::StatusOr<int> Enable() {
    return RunEnable(context, {kFile, "", false, {}});
  }
};

TEST_F(NativeTest, EnablesWithoutLoadingKlpx) {
  kernel.load_engine = Engine::kKernel;
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre(kName));
  EXPECT_THAT(out.str(), HasSubstr("test_fix: patching complete in"));
  EXPECT_TRUE(policy.applied.empty());
}

TEST_F(NativeTest, IsRefusedWhereTheKernelHasNoSuchEngine) {
  kernel.files.erase("/sys/kernel/livepatch");
  const auto code = Enable();
  EXPECT_EQ(KindOf(code.status()), ErrorKind::kRefused);
  EXPECT_THAT(std::string(code.status().message()),
              HasSubstr("CONFIG_LIVEPATCH"));
  EXPECT_THAT(kernel.modules, IsEmpty());
}

TEST_F(NativeTest, SaysWhatTheKernelLogged) {
  kernel.patch_errno = 16;
  kernel.load_log =
      "3,1,1,-;livepatch: failed to register ftrace handler for function "
      "'do_open' (-16)\n";
  EXPECT_EQ(KindOf(Enable().status()), ErrorKind::kFunctionOwned);
}

TEST_F(NativeTest, IgnoresATransitionOfTheOtherEngine) {
  Moving("ours", Engine::kKlpx);
  kernel.AddPatch("theirs", Engine::kKernel);
  kernel.transition_time = absl::Milliseconds(100);
  EXPECT_EQ(RunDisable(context, {"theirs", {}}).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("theirs/enabled=0"));
}

TEST_F(NativeTest, RefusesDuringATransitionOfTheSameEngine) {
  Moving("first", Engine::kKernel);
  kernel.AddPatch("theirs", Engine::kKernel);
  EXPECT_EQ(KindOf(RunDisable(context, {"theirs", {}}).status()),
            ErrorKind::kTransitionRunning);
}

TEST_F(NativeTest, ListsBothEngines) {
  kernel.AddPatch("ours", Engine::kKlpx);
  kernel.AddPatch("theirs", Engine::kKernel);
  EXPECT_EQ(RunList(context, {}).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("ENGINE"));
  EXPECT_THAT(out.str(), HasSubstr("kernel"));
}

TEST_F(NativeTest, ShowsADisabledModuleThatIsStillLoaded) {
  kernel.AddPatch("theirs", Engine::kKernel);
  kernel.patches.erase("theirs");
  context.console.style.json = true;
  EXPECT_EQ(RunList(context, {}).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("\"engine\": \"kernel\""));
  EXPECT_THAT(out.str(), HasSubstr("\"state\": \"disabled\""));
}

TEST_F(NativeTest, CheckCountsBothEngines) {
  Moving("ours", Engine::kKlpx);
  Moving("theirs", Engine::kKernel);
  EXPECT_EQ(RunCheck(context).value(), 1);
  EXPECT_EQ(out.str(), "in progress: ours is enabling, theirs is enabling\n");
}

TEST_F(NativeTest, AsksForANameWhenBothAreInTransition) {
  Moving("ours", Engine::kKlpx);
  Moving("theirs", Engine::kKernel);
  EXPECT_EQ(KindOf(RunReverse(context, {"", {}}).status()), ErrorKind::kUsage);
}

TEST_F(NativeTest, RefusesASignalAndSaysWhatTheKernelDoes) {
  Moving(kName, Engine::kKernel);
  const auto code = RunSignal(context, {kName, std::nullopt});
  EXPECT_EQ(KindOf(code.status()), ErrorKind::kRefused);
  EXPECT_THAT(std::string(code.status().message()), HasSubstr("every 15 s"));
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(NativeTest, SignalsEachTaskThroughKlpxIfThatIsLoaded) {
  kernel.files[KLPX_SIGNAL_TASK] = "";
  kernel.files[KLPX_KICK_CPU] = "";
  Moving(kName, Engine::kKernel);
  observer.AddTask(42, "reader");
  observer.AddTask(43, "writer");
  observer.AddTask(0, "swapper/1");
  observer.tasks.back().key.idle_cpu = 1;
  EXPECT_EQ(RunSignal(context, {kName, 42}).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("signal_task=42"));
  kernel.writes.clear();
  EXPECT_EQ(RunSignal(context, {kName, std::nullopt}).value(), 0);
  EXPECT_THAT(kernel.writes,
              ElementsAre("kick_cpu=1", "signal_task=42", "signal_task=43"));
}

TEST_F(NativeTest, SignalsNoTaskByGuess) {
  kernel.files[KLPX_SIGNAL_TASK] = "";
  Moving(kName, Engine::kKernel);
  observer.refusal = absl::InternalError("no BPF");
  const auto code = RunSignal(context, {kName, std::nullopt});
  EXPECT_EQ(KindOf(code.status()), ErrorKind::kRefused);
  EXPECT_THAT(std::string(code.status().message()), HasSubstr("no BPF"));
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(NativeTest, KicksIdleTasksWhileItWaits) {
  kernel.files[KLPX_SIGNAL_TASK] = "";
  kernel.files[KLPX_KICK_CPU] = "";
  Moving(kName, Engine::kKernel);
  observer.AddTask(0, "swapper/1");
  observer.tasks.back().key.idle_cpu = 1;
  WaitOptions wait;
  wait.timeout = absl::Seconds(1);
  EXPECT_EQ(KindOf(RunWait(context, {kName, wait}).status()),
            ErrorKind::kStillRunning);
  EXPECT_THAT(kernel.writes, Contains("kick_cpu=1"));
}

TEST_F(NativeTest, ForcesAllTasksOrNone) {
  Moving(kName, Engine::kKernel);
  observer.AddTask(42, "reader");
  observer.AddTask(43, "writer");
  EXPECT_EQ(KindOf(RunForce(context.supervisor(), {kName, 42, true}).status()),
            ErrorKind::kRefused);
  EXPECT_THAT(kernel.writes, IsEmpty());
  EXPECT_EQ(RunForce(context.supervisor(), {kName, std::nullopt, true}).value(),
            0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/force=1"));
  EXPECT_THAT(out.str(), HasSubstr("2 tasks forced"));
}

TEST_F(NativeTest, CountsTheTasksLeftByLooking) {
  Moving(kName, Engine::kKernel);
  observer.AddTask(42, "reader");
  BlockingOptions options;
  options.patch = kName;
  EXPECT_EQ(RunBlocking(context, options).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("test_fix: patching, 1 task left"));
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(NativeTest, ReversesThroughItsOwnSysfsFile) {
  Moving(kName, Engine::kKernel);
  WaitOptions wait;
  wait.no_wait = true;
  EXPECT_EQ(RunReverse(context, {"", wait}).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(NativeTest, NamesTheHolderOfTheOtherEngine) {
  kernel.files[kFile] = ReadTestFile(TEST_MODULE_KLPX);
  kernel.AddPatch("vendor_fix", Engine::kKernel);
  const auto code = Enable();
  EXPECT_EQ(KindOf(code.status()), ErrorKind::kFunctionOwned);
  EXPECT_THAT(std::string(code.status().message()),
              HasSubstr("patch 'vendor_fix' of the kernel's own livepatch"));
}

TEST_F(NativeTest, PatchesOfTheKernelDoNotPinKlpx) {
  kernel.modules = {KLPX_MODULE_NAME};
  kernel.AddPatch("theirs", Engine::kKernel);
  EXPECT_EQ(RunUnload(context, {"klpx", {}}).value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre("theirs"));
}

TEST_F(NativeTest, FollowsTheDeadlineOfAPolicyButNotItsRules) {
  kernel.load_engine = Engine::kKernel;
  kernel.files["/etc/klpx/policy.toml"] =
      "[[rule]]\nname = \"a\"\ncomm = [\"nbd\"]\ndo = \"leave\"\n"
      "[deadline]\nafter = \"3s\"\nthen = \"reverse\"\n";
  kernel.transition_time = absl::Seconds(30);
  const auto code = Enable();
  EXPECT_TRUE(KindOf(code.status()) == ErrorKind::kReversed ||
              KindOf(code.status()) == ErrorKind::kStillRunning)
      << code.status();
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
  EXPECT_THAT(err.str(), HasSubstr("do not apply to the kernel's own"));
  EXPECT_THAT(err.str(), Not(HasSubstr("klpx.ko")));
}

}  // namespace
}  // namespace klpx
