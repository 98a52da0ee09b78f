// SPDX-License-Identifier: GPL-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "controller/core/base/error.h"
#include "controller/core/patch/patch_file.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/data/test_files.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class EnableTest : public testing::Test, protected CommandTest {
 protected:
  EnableTest() { options_.patch = kFile; }

  absl::StatusOr<int> Enable() { return RunEnable(context, options_); }

  // Expects enable to be refused with this error, and nothing to be changed.
  void ExpectRefused(ErrorKind kind, const std::string& message) {
    const std::vector<std::string> modules = kernel.modules;
    const absl::Status status = Enable().status();
    EXPECT_EQ(KindOf(status), kind) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(message));
    EXPECT_EQ(kernel.modules, modules);
    EXPECT_THAT(kernel.writes, IsEmpty());
  }

  EnableOptions options_;
};

TEST_F(EnableTest, LoadsTheEngineAndThePatch) {
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre("klpx", kName));
  EXPECT_THAT(out.str(), HasSubstr("test_fix: patching complete, 10 tasks in"));
}

TEST_F(EnableTest, LeavesALoadedEngineAlone) {
  kernel.modules = {"klpx"};
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre("klpx", kName));
}

TEST_F(EnableTest, CanBeRepeatedWithTheFile) {
  kernel.AddPatch(kName);
  kernel.files["/sys/module/test_fix/notes/.note.gnu.build-id"] =
      ParsePatchFile(kernel.files[kFile])->build_id;
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("already enabled"));
}

TEST_F(EnableTest, CanBeRepeatedWithTheName) {
  kernel.AddPatch(kName);
  options_.patch = "test-fix";
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("already enabled"));
}

TEST_F(EnableTest, ReversesADisable) {
  FakePatch& patch = kernel.AddPatch(kName);
  patch.enabled = false;
  patch.transition = true;
  patch.started = kernel.now;
  options_.patch = kName;
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=1"));
}

TEST_F(EnableTest, LoadsADisabledPatchAgain) {
  kernel.modules = {"klpx", kName};
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_TRUE(kernel.patches.contains(kName));
}

TEST_F(EnableTest, WorksWithoutTheObserverButSaysSo) {
  observer.refusal = MakeError(ErrorKind::kBpfRefused, "no BPF here");
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(err.str(), HasSubstr("no BPF here"));
}

TEST_F(EnableTest, NeedNotWait) {
  kernel.transition_time = absl::InfiniteDuration();
  options_.wait.no_wait = true;
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("patching is under way"));
}

TEST_F(EnableTest, TouchesNothingInADryRun) {
  options_.dry_run = true;
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(kernel.modules, IsEmpty());
}

TEST_F(EnableTest, RefusesUnlessRoot) {
  kernel.root = false;
  ExpectRefused(ErrorKind::kNotPermitted, "enable needs root");
}

TEST_F(EnableTest, RefusesAMissingFile) {
  options_.patch = "none.ko";
  ExpectRefused(ErrorKind::kNoSuchPatch, "'none.ko': enable refused: no such");
}

TEST_F(EnableTest, RefusesAnUnknownName) {
  options_.patch = "none";
  ExpectRefused(ErrorKind::kNoSuchPatch, "'none': no such patch");
}

TEST_F(EnableTest, RefusesWhatIsNotAModule) {
  kernel.files[kFile] = "#!/bin/sh\n";
  ExpectRefused(ErrorKind::kNotAModule, "not a kernel module");
}

TEST_F(EnableTest, RefusesADirectory) {
  kernel.read_errno[kFile] = EISDIR;
  ExpectRefused(ErrorKind::kNotAModule, "a directory");
}

TEST_F(EnableTest, RefusesAModuleThatIsNotAPatch) {
  kernel.files[kFile] = ReadTestFile(TEST_MODULE_NONE);
  ExpectRefused(ErrorKind::kNotAPatch, "not a patch");
}

TEST_F(EnableTest, RefusesPatchesOfTheKernelsOwnEngine) {
  kernel.files[kFile] = ReadTestFile(TEST_MODULE_KERNEL);
  ExpectRefused(ErrorKind::kRefused, "klp_enable_patch");
}

TEST_F(EnableTest, RefusesUnknownFunctions) {
  std::string& kallsyms = kernel.files["/proc/kallsyms"];
  kallsyms.replace(kallsyms.find("do_open"), 7, "no_open");
  ExpectRefused(ErrorKind::kUnknownFunction, "function 'do_open'");
}

TEST_F(EnableTest, NotesThatAModuleIsNotLoaded) {
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(err.str(), HasSubstr("note: module 'other' is not loaded"));
}

TEST_F(EnableTest, RefusesUnknownFunctionsOfALoadedModule) {
  kernel.files["/sys/module/other/initstate"] = "live\n";
  ExpectRefused(ErrorKind::kUnknownFunction,
                "function 'other_open' of module 'other'");
}

TEST_F(EnableTest, FindsFunctionsOfALoadedModule) {
  kernel.files["/sys/module/other/initstate"] = "live\n";
  kernel.files["/proc/kallsyms"] += "ffffffffc0000000 t other_open\t[other]\n";
  kernel.files["/sys/kernel/tracing/available_filter_functions"] +=
      "other_open [other]\n";
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(err.str(), IsEmpty());
}

TEST_F(EnableTest, RefusesStatesThatDoNotFit) {
  FakePatch& old = kernel.AddPatch("old_fix");
  old.files["replace_set"] = "3\n";
  old.files["states/7/version"] = "3\n";
  ExpectRefused(ErrorKind::kRefused, "state 7 ('sockets') has version 2");
}

TEST_F(EnableTest, RefusesFunctionsThatAreTaken) {
  kernel.files["/sys/kernel/tracing/enabled_functions"] =
      "do_open (1) R I     \ttramp: 0xffffffffc0200000 "
      "(klp_ftrace_handler+0x0/0x1b0)->klp_ftrace_handler+0x0/0x1b0\n";
  ExpectRefused(ErrorKind::kFunctionOwned, "by klp_ftrace_handler");
}

TEST_F(EnableTest, RefusesAKernelThatLacksSomething) {
  std::string& kallsyms = kernel.files["/proc/kallsyms"];
  kallsyms.replace(kallsyms.find("register_kprobe"), 15, "x");
  ExpectRefused(ErrorKind::kKernelLacks, "CONFIG_KPROBES");
}

TEST_F(EnableTest, RefusesAnotherBuildOfAnEnabledPatch) {
  kernel.AddPatch(kName);
  ExpectRefused(ErrorKind::kNameTaken, "another build of 'test_fix'");
}

TEST_F(EnableTest, NeverRemovesAModuleThatIsNotAPatch) {
  kernel.files["/sys/module/test_fix/initstate"] = "live\n";
  ExpectRefused(ErrorKind::kNameTaken, "that is not a patch is loaded");
}

TEST_F(EnableTest, NamesTheLivepatchThatOwnsAFunction) {
  kernel.files["/sys/kernel/tracing/enabled_functions"] =
      "do_open (1) R I     \ttramp: 0xffffffffc0200000 "
      "(klp_ftrace_handler+0x0/0x1b0) ->klp_ftrace_handler+0x0/0x1b0\n";
  kernel.AddPatch("vendor_fix", Engine::kKernel);
  ExpectRefused(ErrorKind::kFunctionOwned, "patch 'vendor_fix'");
}

TEST_F(EnableTest, RefusesWhileAnotherPatchIsInTransition) {
  kernel.AddPatch("other").transition = true;
  kernel.patches["other"].started = kernel.now;
  ExpectRefused(ErrorKind::kTransitionRunning, "'other' is in transition");
}

TEST_F(EnableTest, RefusesWithoutAnEngine) {
  kernel.files.erase("/opt/klpx/bin/../klpx.ko");
  ExpectRefused(ErrorKind::kNoEngine, "klpx.ko not found");
}

TEST_F(EnableTest, RefusesAnEngineOfAnotherAbi) {
  kernel.modules = {"klpx"};
  kernel.files["/sys/module/klpx/stats/abi"] = "99\n";
  ExpectRefused(ErrorKind::kNoEngine, "ABI 99");
}

TEST_F(EnableTest, SaysWhatTheEngineSaidWhenItRefuses) {
  kernel.modules = {"klpx"};
  kernel.load_errno = EINVAL;
  kernel.log = "3,1,1,-;klpx: an older line\n";
  kernel.load_log = "3,2,2,-;klpx: failed to find location for function 'x'\n";
  ExpectRefused(ErrorKind::kNotTraceable, "location for function 'x'");
}

TEST_F(EnableTest, RemovesTheEngineAgainWhenThePatchIsRefused) {
  const TempDirectory run;
  context.boot.run_dir = run.path();
  kernel.patch_errno = EIO;
  ExpectRefused(ErrorKind::kFailure, "the kernel rejected the module");
  EXPECT_TRUE(observer.unpinned);
}

TEST_F(EnableTest, LeavesAnExistingObserver) {
  kernel.modules = {"klpx"};
  kernel.files[KLPX_PIN_TASK_STATE] = "";
  kernel.patch_errno = EIO;
  ExpectRefused(ErrorKind::kFailure, "the kernel rejected the module");
  EXPECT_FALSE(observer.unpinned);
}

TEST_F(EnableTest, SaysThatThePatchIsForAnotherEngine) {
  kernel.modules = {"klpx"};
  kernel.load_errno = EINVAL;
  kernel.load_log =
      "4,2,2,-;test_fix: disagrees about version of symbol klpx_enable_patch\n"
      "4,3,2,-;test_fix: Unknown symbol klpx_enable_patch (err -22)\n";
  ExpectRefused(ErrorKind::kNoEngine, "rebuild it against the klpx.ko");
}

TEST_F(EnableTest, SaysThatAnEngineCannotBeLoaded) {
  kernel.load_errno = ENOEXEC;
  ExpectRefused(ErrorKind::kNoEngine, "klpx.ko cannot be loaded");
}

TEST_F(EnableTest, TellsAMissingSignatureFromABadPatch) {
  kernel.modules = {"klpx"};
  kernel.load_errno = ENOKEY;
  ExpectRefused(ErrorKind::kRefused, "the kernel rejected the module");
}

TEST_F(EnableTest, ReportsJson) {
  context.console.style.json = true;
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("\"schema\": \"klp.action/v1\""));
  EXPECT_THAT(out.str(), HasSubstr("\"tasks\": 10"));
  EXPECT_THAT(err.str(), IsEmpty());
}

// The policy file is optional and only about timing: it must not block a patch.
TEST_F(EnableTest, APolicyThatCannotBeUsedIsAWarning) {
  kernel.files["/etc/klpx/policy.toml"] =
      "[deadlin]\nafter = \"60s\"\n[default]\n";
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre("klpx", kName));
  EXPECT_THAT(policy.applied, IsEmpty());
  EXPECT_THAT(err.str(), HasSubstr("warning: /etc/klpx/policy.toml:1: unknown "
                                   "key 'deadlin'"));
  EXPECT_THAT(err.str(),
              HasSubstr("warning: /etc/klpx/policy.toml cannot be used"));
}

TEST_F(EnableTest, APolicyThatTheKernelRefusesIsAWarning) {
  kernel.files["/etc/klpx/policy.toml"] = "[default]\ndo = \"leave\"\n";
  policy.refusal = absl::InternalError("write: No space left on device");
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(err.str(), HasSubstr("No space left on device"));
}

}  // namespace
}  // namespace klpx
