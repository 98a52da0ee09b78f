// SPDX-License-Identifier: GPL-2.0
// adopt, and the verbs on patches that klpx has adopted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <string>

#include "controller/core/base/error.h"
#include "controller/verbs/several.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/data/test_files.h"
#include "tests/unit/ops/command_test.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class AdoptTest : public testing::Test, protected CommandTest {
 protected:
  AdoptTest() {
    kernel.files["/sys/kernel/livepatch"] = "";
    kernel.files[kFile] = ReadTestFile(TEST_MODULE_KERNEL);
    kernel.load_engine = Engine::kKernel;
    kernel.adopt = false;
  }

  absl::StatusOr<int> Adopt(const std::string& state) {
    return RunAdopt(context, {state, ""});
  }

  absl::StatusOr<int> Enable(const std::string& engine = "") {
    EnableOptions options;
    options.patch = kFile;
    options.engine = engine;
    return RunEnable(context, options);
  }

  FakePatch& Moving() {
    FakePatch& patch = kernel.AddAdopted(kName);
    patch.transition = true;
    patch.pending = 2;
    patch.started = kernel.now;
    kernel.transition_time = absl::InfiniteDuration();
    return patch;
  }
};

TEST_F(AdoptTest, ShowsWithoutChangingAnything) {
  kernel.root = false;
  EXPECT_EQ(Adopt("").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("adoption is off"));
  EXPECT_THAT(kernel.modules, IsEmpty());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(AdoptTest, ItsJsonFitsTheSchema) {
  kernel.AddAdopted("taken");
  kernel.AddPatch("theirs", Engine::kKernel);
  context.console.style.json = true;
  EXPECT_EQ(Adopt("").value(), 0);
  EXPECT_THAT(SchemaErrors("klp.adopt", out.str()), IsEmpty());
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json["adopted"], nlohmann::json({"taken"}));
  EXPECT_EQ(json["on_kernel_engine"], nlohmann::json({"theirs"}));
}

TEST_F(AdoptTest, OnLoadsTheEngine) {
  EXPECT_EQ(Adopt("on").value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre(KLPX_MODULE_NAME));
  EXPECT_EQ(kernel.adopt, true);
  EXPECT_THAT(out.str(), HasSubstr("adoption is on"));
}

TEST_F(AdoptTest, CanBeRepeated) {
  EXPECT_EQ(Adopt("off").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("adoption was off already"));
  EXPECT_THAT(kernel.modules, IsEmpty());
  EXPECT_EQ(Adopt("on").value(), 0);
  EXPECT_EQ(Adopt("on").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("adoption was on already"));
  EXPECT_THAT(kernel.writes, ElementsAre("adopt=1"));
}

TEST_F(AdoptTest, SaysWhichPatchesStayWhereTheyAre) {
  kernel.AddPatch("theirs", Engine::kKernel);
  EXPECT_EQ(Adopt("on").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("theirs stays on the kernel's own"));
  kernel.AddAdopted("a");
  kernel.AddAdopted("b");
  EXPECT_EQ(Adopt("off").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("a, b stay on klpx"));
}

TEST_F(AdoptTest, ARefusalLeavesNoEngineBehind) {
  kernel.adopt_errno = EBUSY;
  const TempDirectory temp;
  context.boot.run_dir = temp.path();
  const absl::Status status = Adopt("on").status();
  EXPECT_EQ(KindOf(status), ErrorKind::kFunctionOwned);
  EXPECT_THAT(std::string(status.message()), HasSubstr("adopt on refused: "));
  EXPECT_THAT(kernel.modules, IsEmpty());
}

TEST_F(AdoptTest, ARefusalLeavesAnEngineThatWasThere) {
  kernel.modules = {KLPX_MODULE_NAME};
  kernel.adopt_errno = EOPNOTSUPP;
  EXPECT_EQ(KindOf(Adopt("on").status()), ErrorKind::kRefused);
  EXPECT_THAT(kernel.modules, ElementsAre(KLPX_MODULE_NAME));
}

TEST_F(AdoptTest, ChangesAreForRootOnly) {
  kernel.root = false;
  EXPECT_EQ(KindOf(Adopt("on").status()), ErrorKind::kNotPermitted);
  EXPECT_EQ(KindOf(Adopt("off").status()), ErrorKind::kNotPermitted);
}

TEST_F(AdoptTest, AnotherWordIsAMistake) {
  EXPECT_EQ(KindOf(Adopt("maybe").status()), ErrorKind::kUsage);
}

TEST_F(AdoptTest, EnableFollowsTheSetting) {
  kernel.modules = {KLPX_MODULE_NAME};
  kernel.adopt = true;
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_TRUE(kernel.patches[kName].adopted);
  EXPECT_THAT(err.str(), HasSubstr("adopted: made for the kernel's own"));
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(AdoptTest, EnableTakesOneToKlpx) {
  EXPECT_EQ(Enable("klpx").value(), 0);
  EXPECT_TRUE(kernel.patches[kName].adopted);
  EXPECT_THAT(kernel.writes,
              ElementsAre("engine_for=test_fix klpx", "engine_for=\n"));
  EXPECT_EQ(kernel.adopt, false);
}

TEST_F(AdoptTest, EnableLeavesOneToTheKernel) {
  kernel.modules = {KLPX_MODULE_NAME};
  kernel.adopt = true;
  EXPECT_EQ(Enable("kernel").value(), 0);
  EXPECT_EQ(kernel.patches[kName].engine, Engine::kKernel);
  EXPECT_THAT(kernel.writes,
              ElementsAre("engine_for=test_fix kernel", "engine_for=\n"));
}

TEST_F(AdoptTest, EnableNeedsNoKlpxForTheKernelsEngine) {
  EXPECT_EQ(Enable("kernel").value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre(kName));
}

TEST_F(AdoptTest, WhatIsSetForOneLoadGoesWithARefusedOne) {
  kernel.modules = {KLPX_MODULE_NAME};
  kernel.patch_errno = EBUSY;
  EXPECT_FALSE(Enable("klpx").ok());
  EXPECT_EQ(kernel.engine_for, "");
}

TEST_F(AdoptTest, EnableSaysIfTheOtherEngineHasIt) {
  kernel.modules = {KLPX_MODULE_NAME};
  kernel.forgets_engine_for = true;
  EXPECT_EQ(Enable("klpx").value(), 0);
  EXPECT_THAT(err.str(), HasSubstr("but the kernel's own livepatch has it"));
}

TEST_F(AdoptTest, AnEngineThatRefusesIsARefusedEnable) {
  kernel.modules = {KLPX_MODULE_NAME};
  kernel.adopt_errno = EOPNOTSUPP;
  const absl::Status status = Enable("klpx").status();
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("'test_fix.ko': enable refused: the livepatch of"));
  EXPECT_THAT(kernel.patches, IsEmpty());
}

TEST_F(AdoptTest, APatchForKlpxTakesOnlyItsEngine) {
  kernel.files[kFile] = ReadTestFile(TEST_MODULE_KLPX);
  kernel.load_engine = Engine::kKlpx;
  EXPECT_EQ(KindOf(Enable("kernel").status()), ErrorKind::kRefused);
  EXPECT_EQ(Enable("klpx").value(), 0);
  EXPECT_THAT(kernel.writes, IsEmpty());
  EXPECT_FALSE(kernel.patches[kName].adopted);
}

TEST_F(AdoptTest, AnEnabledPatchCannotChangeItsEngine) {
  kernel.AddAdopted(kName);
  EnableOptions options;
  options.patch = kName;
  options.engine = "kernel";
  EXPECT_EQ(KindOf(RunEnable(context, options).status()), ErrorKind::kRefused);
  options.engine = "klpx";
  EXPECT_EQ(RunEnable(context, options).value(), 0);
}

TEST_F(AdoptTest, NothingIsAdoptedWithoutTheKernelsLivepatch) {
  kernel.files.erase("/sys/kernel/livepatch");
  const absl::Status status = Enable("klpx").status();
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused);
  EXPECT_THAT(std::string(status.message()), HasSubstr("CONFIG_LIVEPATCH"));
  EXPECT_THAT(kernel.modules, IsEmpty());
}

TEST_F(AdoptTest, AllTakesNoEngine) {
  EnableOptions options;
  options.engine = "klpx";
  EXPECT_EQ(KindOf(RunEnableEach(context, {}, true, options).status()),
            ErrorKind::kUsage);
}

TEST_F(AdoptTest, PreflightChecksForTheEngineThatWillRunIt) {
  kernel.modules = {KLPX_MODULE_NAME};
  context.console.style.json = true;
  RunPreflight(context, kFile).status().IgnoreError();
  EXPECT_EQ(nlohmann::json::parse(out.str())["file"]["engine"], "kernel");
  out.str("");
  kernel.adopt = true;
  RunPreflight(context, kFile).status().IgnoreError();
  EXPECT_THAT(SchemaErrors("klp.preflight", out.str()), IsEmpty());
  const auto file = nlohmann::json::parse(out.str())["file"];
  EXPECT_EQ(file["engine"], "klpx");
  EXPECT_EQ(file["adopted"], true);
}

// Its functions are stacked on those of klpx, and not refused because of them.
TEST_F(AdoptTest, PatchesOfKlpxAreBelowIt) {
  kernel.AddPatch("ours");
  kernel.adopt = true;
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_TRUE(kernel.patches[kName].adopted);
}

TEST_F(AdoptTest, ListsAnAdoptedPatchOnce) {
  kernel.AddAdopted(kName);
  EXPECT_EQ(RunList(context, {}).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("klpx (adopted)"));
  EXPECT_EQ(out.str().find(kName), out.str().rfind(kName));
  out.str("");
  context.console.style.json = true;
  EXPECT_EQ(RunList(context, {}).value(), 0);
  EXPECT_THAT(SchemaErrors("klp.list", out.str()), IsEmpty());
  const auto patches = nlohmann::json::parse(out.str())["patches"];
  ASSERT_EQ(patches.size(), 1u);
  EXPECT_EQ(patches[0]["adopted"], true);
  EXPECT_EQ(patches[0]["engine"], "klpx");
}

TEST_F(AdoptTest, StatusSaysWhatIsAdoptedAndWhatWillBe) {
  kernel.AddAdopted(kName);
  EXPECT_EQ(RunStatus(context, "").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("klpx (adopted; made for the kernel's own"));
  EXPECT_THAT(out.str(), Not(HasSubstr("adopts new patches")));
  kernel.adopt = true;
  EXPECT_EQ(RunStatus(context, "").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("klpx.ko adopts new patches made for"));
}

TEST_F(AdoptTest, ATransitionIsThatOfKlpx) {
  Moving();
  observer.AddTask(42, "reader");
  EXPECT_EQ(RunCheck(context).value(), 1);
  EXPECT_EQ(out.str(), "in progress: test_fix is enabling\n");
  EXPECT_EQ(RunSignal(context, {kName, 42}).value(), 0);
  EXPECT_THAT(kernel.writes, Contains("test_fix/signal_task=42"));
}

TEST_F(AdoptTest, OneTaskCanBeForced) {
  Moving();
  observer.AddTask(42, "reader");
  EXPECT_EQ(RunForce(context.supervisor(), {kName, 42, true}).value(), 0);
  EXPECT_THAT(kernel.writes, Contains("test_fix/force_task=42"));
}

TEST_F(AdoptTest, IsReversed) {
  Moving();
  WaitOptions wait;
  wait.no_wait = true;
  EXPECT_EQ(RunReverse(context, {"", wait}).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(AdoptTest, ItDoesNotKeepTheEngineIn) {
  kernel.modules = {KLPX_MODULE_NAME};
  kernel.adopt = true;
  EXPECT_EQ(RunUnload(context, {"klpx", {}}).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("adopt=0"));
  EXPECT_THAT(kernel.modules, IsEmpty());
}

TEST_F(AdoptTest, IsUnloaded) {
  kernel.AddAdopted(kName);
  EXPECT_EQ(KindOf(RunUnload(context, {"klpx", {}}).status()),
            ErrorKind::kRefused);
  EXPECT_EQ(RunUnload(context, {kName, {}}).value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre(KLPX_MODULE_NAME));
}

}  // namespace
}  // namespace klpx
