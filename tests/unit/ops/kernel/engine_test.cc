// SPDX-License-Identifier: GPL-2.0
// klpx.ko gets into the kernel, from where only root can have put it.
#include "controller/ops/kernel/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kBeside[] = "/opt/klpx/bin/../klpx.ko";
constexpr char kExtra[] = "/lib/modules/6.12.0-test/extra/klpx.ko";
constexpr char kDkms[] = "/lib/modules/6.12.0-test/updates/dkms/klpx.ko";
constexpr char kState[] = "/sys/module/klpx/initstate";
constexpr char kAbi[] = "/sys/module/klpx/stats/abi";

class EngineTest : public testing::Test, protected CommandTest {
 protected:
  absl::Status Ensure(const std::string& path = "") {
    return EnsureEngine(kernel, Engine::kKlpx, {path, context.program_dir});
  }

  void ExpectNoEngine(const absl::Status& status, const std::string& word) {
    EXPECT_EQ(KindOf(status), ErrorKind::kNoEngine) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(word));
  }

  std::vector<std::string> Loaded() {
    std::vector<std::string> paths;
    for (const auto& [path, bytes] : kernel.loaded) paths.push_back(path);
    return paths;
  }
};

TEST_F(EngineTest, IsLoadedFromBesideTheProgram) {
  EXPECT_TRUE(Ensure().ok());
  EXPECT_THAT(Loaded(), ElementsAre(kBeside));
}

TEST_F(EngineTest, TheInstalledOneComesFirst) {
  kernel.files[kExtra] = "e";
  kernel.files[kDkms] = "d";
  kernel.load_errno = ENOEXEC;
  EXPECT_FALSE(Ensure().ok());
  EXPECT_THAT(Loaded(), ElementsAre(kExtra));
}

TEST_F(EngineTest, OneThatWasNamedCounts) {
  kernel.files[kExtra] = "e";
  EXPECT_TRUE(Ensure(kBeside).ok());
  EXPECT_THAT(Loaded(), ElementsAre(kBeside));
}

TEST_F(EngineTest, OneThatIsLoadedIsNotLoadedAgain) {
  kernel.modules = {KLPX_MODULE_NAME};
  EXPECT_TRUE(Ensure("/no/such.ko").ok());
  EXPECT_THAT(Loaded(), IsEmpty());
}

TEST_F(EngineTest, TheKernelsOwnNeedsNoModule) {
  EXPECT_TRUE(EnsureEngine(kernel, Engine::kKernel, {}).ok());
  EXPECT_TRUE(CheckEngine(kernel, Engine::kKernel).ok());
  EXPECT_THAT(Loaded(), IsEmpty());
}

TEST_F(EngineTest, OneThatIsNowhereIsLookedForEverywhere) {
  kernel.files.erase(kBeside);
  const absl::Status status = Ensure();
  ExpectNoEngine(status, kExtra);
  ExpectNoEngine(status, kDkms);
  ExpectNoEngine(status, kBeside);
  ExpectNoEngine(status, "--klpx-module");
}

TEST_F(EngineTest, OneThatOthersCanWriteIsNotLoaded) {
  kernel.untrusted = {kBeside};
  ExpectNoEngine(Ensure(), kBeside);
  EXPECT_THAT(Loaded(), IsEmpty());
}

// Then it is the operator's own say.
TEST_F(EngineTest, OneThatWasNamedMayBeAnyones) {
  kernel.untrusted = {kBeside};
  EXPECT_TRUE(Ensure(kBeside).ok());
}

TEST_F(EngineTest, SaysWhatTheKernelLoggedWhenItRefuses) {
  kernel.load_errno = ENOEXEC;
  kernel.load_log = "3,1,1,-;klpx: disagrees about version of symbol x\n";
  ExpectNoEngine(Ensure(), "disagrees about version");
}

TEST_F(EngineTest, AnotherProgramThatWasFasterIsNoError) {
  kernel.load_errno = EEXIST;
  kernel.files[kAbi] = std::to_string(KLPX_ABI_VERSION);
  EXPECT_TRUE(Ensure().ok());
}

TEST_F(EngineTest, OneOfAnotherAbiIsRefusedWithBothNumbers) {
  kernel.modules = {KLPX_MODULE_NAME};
  kernel.files[kAbi] = "1000000\n";
  ExpectNoEngine(Ensure(), "1000000");
  ExpectNoEngine(CheckEngineAbi(kernel), std::to_string(KLPX_ABI_VERSION));
  ExpectNoEngine(CheckEngine(kernel, Engine::kKlpx), "1000000");
}

TEST_F(EngineTest, WithoutItThereIsNoAbiToCheck) {
  EXPECT_EQ(KindOf(CheckEngineAbi(kernel)), ErrorKind::kNoEngine);
}

TEST_F(EngineTest, WaitsForOneThatIsBeingLoaded) {
  kernel.files[kState] = "coming\n";
  kernel.files[kAbi] = std::to_string(KLPX_ABI_VERSION);
  kernel.on_sleep = [this] {
    if (kernel.now > absl::Seconds(101)) kernel.files[kState] = "live\n";
  };
  EXPECT_TRUE(Ensure().ok());
  EXPECT_GT(kernel.now, absl::Seconds(101));
  EXPECT_THAT(Loaded(), IsEmpty());
}

TEST_F(EngineTest, DoesNotWaitForEver) {
  kernel.files[kState] = "going\n";
  ExpectNoEngine(Ensure(), "going");
  EXPECT_LE(kernel.now, absl::Seconds(111));
}

TEST_F(EngineTest, AnInterruptEndsTheWait) {
  kernel.files[kState] = "coming\n";
  kernel.interrupted = true;
  ExpectNoEngine(Ensure(), "coming");
  EXPECT_EQ(kernel.now, absl::Seconds(100));
}

TEST_F(EngineTest, ComplaintsAreThoseOfThisLoad) {
  kernel.log = "3,1,1,-;klpx: an old complaint\n";
  kernel.load_errno = ENOEXEC;
  kernel.load_log = "3,2,2,-;klpx: a new complaint\n";
  const LoadOutcome outcome =
      LoadModule(kernel, kBeside, KLPX_MODULE_NAME, "x");
  EXPECT_FALSE(outcome.status.ok());
  EXPECT_THAT(outcome.complaints, ElementsAre(HasSubstr("a new complaint")));
}

}  // namespace
}  // namespace klpx
