// SPDX-License-Identifier: GPL-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <regex>

#include "absl/strings/str_replace.h"
#include "controller/core/base/error.h"
#include "tests/unit/data/test_files.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class PreflightCommandTest : public testing::Test, protected CommandTest {
 protected:
  // Runs preflight and returns its exit code; checks that it changed nothing.
  int Preflight() {
    const auto modules = kernel.modules;
    const absl::StatusOr<int> code = RunPreflight(context, kFile);
    EXPECT_TRUE(code.ok()) << code.status();
    EXPECT_EQ(kernel.modules, modules);
    EXPECT_THAT(kernel.writes, IsEmpty());
    EXPECT_EQ(observer.attached, 0);
    return code.value_or(-1);
  }

  // Adds a task that sleeps in do_open().
  void AddSleeper() {
    TaskStack task;
    task.tid = 42;
    task.comm = "napper";
    task.task_state = 1;
    task.frames = {0xffffffff81000110};
    observer.stacks = {task};
  }
};

TEST_F(PreflightCommandTest, PassesAPatchThatFits) {
  EXPECT_EQ(Preflight(), 0);
  EXPECT_THAT(out.str(), HasSubstr("module_not_loaded"));
  EXPECT_THAT(out.str(), HasSubstr("do_close: the file has no BTF"));
  EXPECT_THAT(out.str(), HasSubstr("it would complete at once"));
  EXPECT_THAT(out.str(), HasSubstr("preflight: passed, 0 warnings, 2 notes"));
}

TEST_F(PreflightCommandTest, RefusesWithSixWhateverIsWrong) {
  kernel.files["/sys/kernel/tracing/available_filter_functions"] = "x\n";
  EXPECT_EQ(Preflight(), 6);
  EXPECT_THAT(out.str(), HasSubstr("fatal: not_traceable"));
}

TEST_F(PreflightCommandTest, ATruncatedFileIsAFinding) {
  kernel.files[kFile].resize(1000);
  EXPECT_EQ(Preflight(), 6);
  EXPECT_THAT(out.str(), HasSubstr("fatal: not_a_module"));
}

TEST_F(PreflightCommandTest, AMissingFileIsAnError) {
  const auto code = RunPreflight(context, "none.ko");
  EXPECT_EQ(KindOf(code.status()), ErrorKind::kNoSuchPatch);
}

TEST_F(PreflightCommandTest, NeedsRoot) {
  kernel.root = false;
  EXPECT_EQ(KindOf(RunPreflight(context, kFile).status()),
            ErrorKind::kNotPermitted);
}

TEST_F(PreflightCommandTest, ChecksPatchesOfTheKernelsOwnEngine) {
  kernel.files[kFile] = ReadTestFile(TEST_MODULE_KERNEL);
  EXPECT_EQ(Preflight(), 6);
  EXPECT_THAT(out.str(), HasSubstr("fatal: kernel_engine"));
  out.str("");
  kernel.files["/sys/kernel/livepatch"] = "";
  EXPECT_EQ(Preflight(), 0);
  EXPECT_THAT(out.str(), HasSubstr("note: not_described"));
}

TEST_F(PreflightCommandTest, RefusesAnEngineOfAnotherAbi) {
  kernel.modules = {"klpx"};
  kernel.files["/sys/module/klpx/stats/abi"] = "99\n";
  EXPECT_EQ(Preflight(), 6);
  EXPECT_THAT(out.str(), HasSubstr("fatal: engine_abi"));
}

TEST_F(PreflightCommandTest, RefusesASignatureThatTheKernelWouldRefuse) {
  kernel.files["/sys/module/module/parameters/sig_enforce"] = "N\n";
  EXPECT_EQ(Preflight(), 0);
  kernel.files["/sys/kernel/security/lockdown"] =
      "none [integrity] confidentiality\n";
  EXPECT_EQ(Preflight(), 6);
  EXPECT_THAT(out.str(), HasSubstr("the lockdown mode 'integrity'"));
}

TEST_F(PreflightCommandTest, NamesBlockingTasks) {
  AddSleeper();
  EXPECT_EQ(Preflight(), 0);
  EXPECT_THAT(out.str(), HasSubstr("napper"));
  EXPECT_THAT(out.str(), HasSubstr("5/5"));
  EXPECT_THAT(out.str(), HasSubstr("warning: always_on_stack"));
}

TEST_F(PreflightCommandTest, SaysWhyItDidNotLookForTasks) {
  observer.walk_refusal = MakeError(ErrorKind::kBpfRefused, "no BPF here");
  EXPECT_EQ(Preflight(), 0);
  EXPECT_THAT(out.str(), HasSubstr("is not known: no BPF here"));
}

TEST_F(PreflightCommandTest, SaysWhatItCouldNotCheck) {
  kernel.files.erase("/sys/kernel/debug/kprobes/list");
  kernel.files.erase("/sys/kernel/tracing/enabled_functions");
  EXPECT_EQ(Preflight(), 0);
  EXPECT_THAT(out.str(), HasSubstr("not checked: kprobes on its functions"));
  EXPECT_THAT(out.str(),
              HasSubstr("not checked: what else redirects or traces"));
  EXPECT_THAT(out.str(), HasSubstr("tracefs is not there"));
}

// Without addresses no stack can be compared with a function.
TEST_F(PreflightCommandTest, MakesNoForecastWithoutAddresses) {
  AddSleeper();
  kernel.files["/proc/kallsyms"] = std::regex_replace(
      kernel.files["/proc/kallsyms"], std::regex("(^|\n)[0-9a-f]{16}"),
      "$010000000000000000");
  EXPECT_EQ(Preflight(), 0);
  EXPECT_THAT(out.str(), HasSubstr("kernel.kptr_restrict"));
  EXPECT_THAT(out.str(), Not(HasSubstr("no task blocks it")));
}

TEST_F(PreflightCommandTest, SuggestsSimilarNames) {
  absl::StrReplaceAll({{"T do_open", "T do_opem"}},
                      &kernel.files["/proc/kallsyms"]);
  EXPECT_EQ(Preflight(), 6);
  EXPECT_THAT(out.str(), HasSubstr("similar names: do_opem"));
}

TEST_F(PreflightCommandTest, AcceptsAFunctionThatFtraceListsUnderAnotherName) {
  absl::StrReplaceAll({{"81000100 T do_open\n",
                        "81000100 T do_open\nffffffff81000100 T my_open\n"}},
                      &kernel.files["/proc/kallsyms"]);
  kernel.files["/sys/kernel/tracing/available_filter_functions_addrs"] =
      "ffffffff81000104 my_open\nffffffff81000204 do_close\n"
      "ffffffff81000304 do_close\n";
  EXPECT_EQ(Preflight(), 0);
  kernel.files["/sys/kernel/tracing/available_filter_functions_addrs"] =
      "ffffffff81000204 do_close\n";
  EXPECT_EQ(Preflight(), 6);
}

TEST_F(PreflightCommandTest, RefusesWhereNoModuleCanBeLoaded) {
  kernel.files["/proc/sys/kernel/modules_disabled"] = "1\n";
  EXPECT_EQ(Preflight(), 6);
  EXPECT_THAT(out.str(), HasSubstr("fatal: loading_forbidden"));
  kernel.files["/proc/sys/kernel/modules_disabled"] = "0\n";
  kernel.files["/proc/self/status"] = "CapEff:\t000001fffffeffff\n";
  EXPECT_EQ(Preflight(), 6);
  EXPECT_THAT(out.str(), HasSubstr("CAP_SYS_MODULE"));
}

TEST_F(PreflightCommandTest, EnableNamesBlockingTasksAndContinues) {
  AddSleeper();
  EXPECT_EQ(RunEnable(context, {kFile, "", false, {}}).value(), 0);
  EXPECT_THAT(err.str(), HasSubstr("being replaced: 'napper' (tid 42)"));
  EXPECT_THAT(err.str(), Not(HasSubstr("always")));
}

TEST_F(PreflightCommandTest, SpeaksJson) {
  context.console.style.json = true;
  EXPECT_EQ(Preflight(), 0);
  EXPECT_THAT(out.str(), HasSubstr("\"schema\": \"klp.preflight/v1\""));
}

}  // namespace
}  // namespace klpx
