// SPDX-License-Identifier: GPL-2.0
// klpx.ko is told which engine to use, and why it refuses is explained.
#include "controller/ops/kernel/adoption.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "controller/core/base/error.h"
#include "controller/sys/proc/sysfs.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AdoptionTest : public testing::Test, protected CommandTest {
 protected:
  AdoptionTest() {
    kernel.modules = {KLPX_MODULE_NAME};
    kernel.files["/sys/kernel/livepatch"] = "";
    kernel.adopt = false;
    file_.module = kName;
    file_.engine = Engine::kKernel;
  }

  PatchFile For(const std::string& wanted) {
    const auto file = ForEngine(kernel, wanted, file_);
    EXPECT_TRUE(file.ok()) << file.status();
    return file.value_or(PatchFile());
  }

  // What TellEngine() says of the file.
  std::vector<std::string> Told(const PatchFile& file) {
    Warnings warnings(context.console);
    TellEngine(kernel, file, warnings);
    return warnings.lines();
  }

  PatchFile file_;
};

TEST_F(AdoptionTest, IsReadAsItIs) {
  EXPECT_EQ(Adopts(kernel), false);
  kernel.adopt = true;
  EXPECT_EQ(Adopts(kernel), true);
  kernel.engine_for = "fix klpx\n";
  EXPECT_EQ(EngineFor(kernel), "fix klpx");
  kernel.modules.clear();
  EXPECT_FALSE(Adopts(kernel).has_value());
  EXPECT_EQ(EngineFor(kernel), "");
}

TEST_F(AdoptionTest, IsSet) {
  EXPECT_TRUE(SetAdoption(kernel, true).ok());
  EXPECT_TRUE(SetAdoption(kernel, false).ok());
  EXPECT_THAT(kernel.writes, ElementsAre("adopt=1", "adopt=0"));
}

struct Refusal {
  const char* test;
  int error_number;
  const char* ftrace_enabled;
  ErrorKind kind;
  const char* says;
};

class AdoptionRefusalTest : public AdoptionTest,
                            public testing::WithParamInterface<Refusal> {};

TEST_P(AdoptionRefusalTest, IsExplained) {
  kernel.adopt_errno = GetParam().error_number;
  kernel.files["/proc/sys/kernel/ftrace_enabled"] = GetParam().ftrace_enabled;
  const absl::Status status = SetAdoption(kernel, true);
  EXPECT_EQ(KindOf(status), GetParam().kind) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, AdoptionRefusalTest,
    testing::Values(
        Refusal{"OtherStructures", EOPNOTSUPP, "1\n", ErrorKind::kRefused,
                "dmesg, says what), so its patches stay on the kernel's"},
        Refusal{"OtherUser", EBUSY, "1\n", ErrorKind::kFunctionOwned,
                "redirects klp_enable_patch()"},
        Refusal{"FtraceOff", EBUSY, "0\n", ErrorKind::kRefused,
                "'sysctl kernel.ftrace_enabled=1'"},
        Refusal{"FtraceDead", ENODEV, "1\n", ErrorKind::kRefused,
                "until the machine is rebooted"},
        Refusal{"NoMemory", ENOMEM, "1\n", ErrorKind::kFailure,
                "out of memory"},
        Refusal{"Unforeseen", EIO, "1\n", ErrorKind::kFailure, "write adopt"}),
    [](const auto& info) { return std::string(info.param.test); });

TEST_F(AdoptionTest, ARefusalQuotesWhatTheEngineLogged) {
  kernel.log = "4,1,1,-;klpx: an old complaint\n";
  kernel.adopt_errno = EOPNOTSUPP;
  kernel.adopt_log = "4,2,2,-;klpx: struct klp_patch has another size\n";
  EXPECT_THAT(std::string(SetAdoption(kernel, true).message()),
              HasSubstr("(struct klp_patch has another size)"));
  kernel.adopt_log.clear();
  EXPECT_THAT(std::string(SetAdoption(kernel, true).message()),
              HasSubstr("(the kernel log, dmesg, says what)"));
}

TEST_F(AdoptionTest, WithoutTheFileItSaysWhatIsMissing) {
  kernel.adopt.reset();
  EXPECT_EQ(KindOf(SetAdoption(kernel, true)), ErrorKind::kNoEngine);
  EXPECT_THAT(std::string(SetAdoption(kernel, true).message()),
              HasSubstr("from one build"));
  kernel.files.erase("/sys/kernel/livepatch");
  EXPECT_EQ(KindOf(SetAdoption(kernel, true)), ErrorKind::kKernelLacks);
  kernel.modules.clear();
  EXPECT_EQ(KindOf(SetAdoption(kernel, true)), ErrorKind::kNoEngine);
}

TEST_F(AdoptionTest, TheSettingDecidesUnlessAnEngineIsWanted) {
  EXPECT_EQ(For("").engine, Engine::kKernel);
  EXPECT_TRUE(For("klpx").adopted);
  kernel.adopt = true;
  EXPECT_TRUE(For("").adopted);
  EXPECT_EQ(For("kernel").engine, Engine::kKernel);
}

TEST_F(AdoptionTest, AnEngineThatCannotAdoptIsFoundOutBeforehand) {
  kernel.adopt.reset();
  EXPECT_EQ(KindOf(ForEngine(kernel, "klpx", file_).status()),
            ErrorKind::kNoEngine);
  EXPECT_EQ(For("").engine, Engine::kKernel);
  kernel.modules.clear();
  EXPECT_TRUE(For("klpx").adopted) << "it is loaded later";
}

TEST_F(AdoptionTest, AnEnabledPatchStaysWhereItIs) {
  PatchState patch;
  patch.name = kName;
  EXPECT_TRUE(CheckIsOn(patch, "").ok());
  EXPECT_TRUE(CheckIsOn(patch, "klpx").ok());
  const absl::Status status = CheckIsOn(patch, "kernel");
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused);
  EXPECT_THAT(std::string(status.message()), HasSubstr("unload test_fix"));
}

TEST_F(AdoptionTest, NamesTheEngineForOneLoadAndTakesThatBack) {
  EXPECT_TRUE(NameEngine(kernel, "klpx", For("klpx")).ok());
  EXPECT_EQ(EngineFor(kernel), "test_fix klpx");
  ForgetEngine(kernel);
  EXPECT_EQ(EngineFor(kernel), "");
  EXPECT_THAT(kernel.writes,
              ElementsAre("engine_for=test_fix klpx", "engine_for=\n"));
}

TEST_F(AdoptionTest, NamesNoEngineWithoutNeed) {
  EXPECT_TRUE(NameEngine(kernel, "", For("")).ok());
  kernel.adopt.reset();  // a klpx.ko that cannot adopt
  EXPECT_TRUE(NameEngine(kernel, "kernel", For("kernel")).ok());
  kernel.adopt = false;
  file_.engine = Engine::kKlpx;
  EXPECT_TRUE(NameEngine(kernel, "klpx", For("klpx")).ok());
  ForgetEngine(kernel);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(AdoptionTest, KeepsAPatchFromBeingAdopted) {
  kernel.adopt = true;
  EXPECT_TRUE(NameEngine(kernel, "kernel", For("kernel")).ok());
  EXPECT_EQ(EngineFor(kernel), "test_fix kernel");
}

// The setting may change before the module is loaded.
TEST_F(AdoptionTest, KeepsAPatchFromAnAdoptionThatComesLater) {
  EXPECT_TRUE(NameEngine(kernel, "kernel", For("kernel")).ok());
  EXPECT_EQ(EngineFor(kernel), "test_fix kernel");
}

TEST_F(AdoptionTest, AnOrderOfAnotherProcessIsNamed) {
  kernel.engine_for = "other klpx\n";
  kernel.adopt_errno = EBUSY;
  const absl::Status named = NameEngine(kernel, "klpx", For("klpx"));
  EXPECT_THAT(std::string(named.message()), HasSubstr("other klpx"));
  // The setting does not depend on an order.
  EXPECT_EQ(KindOf(SetAdoption(kernel, true)), ErrorKind::kFunctionOwned);
}

TEST_F(AdoptionTest, AnEngineThatCannotBeNamedIsARefusal) {
  kernel.adopt_errno = EBUSY;
  EXPECT_EQ(KindOf(NameEngine(kernel, "klpx", For("klpx"))),
            ErrorKind::kFunctionOwned);
}

TEST_F(AdoptionTest, TellsThatAPatchWasAdopted) {
  kernel.AddAdopted(kName);
  const PatchFile file = For("klpx");
  EXPECT_THAT(Told(file), SizeIs(1));
  EXPECT_THAT(err.str(), HasSubstr("note: 'test_fix': adopted: made for"));
}

TEST_F(AdoptionTest, WarnsIfTheOtherEngineHasIt) {
  kernel.AddPatch(kName, Engine::kKernel);
  EXPECT_THAT(Told(For("klpx")), SizeIs(1));
  EXPECT_THAT(err.str(), HasSubstr("warning: 'test_fix': was to run on klpx, "
                                   "but the kernel's own livepatch has it"));
}

TEST_F(AdoptionTest, TellsNothingThatGoesWithoutSaying) {
  EXPECT_THAT(Told(For("klpx")), IsEmpty()) << "it has gone";
  kernel.AddPatch(kName, Engine::kKernel);
  EXPECT_THAT(Told(For("")), IsEmpty());
  file_.engine = Engine::kKlpx;
  EXPECT_THAT(Told(file_), IsEmpty());
}

}  // namespace
}  // namespace klpx
