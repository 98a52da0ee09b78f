// SPDX-License-Identifier: GPL-2.0
// What a user may write for a patch, for every verb that takes one.
#include "controller/ops/kernel/resolve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/data/test_files.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ResolveTest : public testing::Test, protected CommandTest {
 protected:
  ResolveTest() { kernel.files[kRenamed] = ReadTestFile(TEST_MODULE_KLPX); }

  static constexpr char kRenamed[] = "/tmp/dir with space/livepatch-fix.ko";
};

// The name of the file does not matter: the module's name is in its content.
TEST_F(ResolveTest, AFileMeansThePatchInIt) {
  EXPECT_EQ(ResolveName(kernel, kRenamed).value(), kName);
  kernel.AddPatch(kName);
  EXPECT_EQ(ResolvePatch(kernel, kRenamed)->name, kName);
}

TEST_F(ResolveTest, UnloadByFileRemovesThatPatch) {
  kernel.AddPatch(kName);
  DisableOptions options;
  options.patch = kRenamed;
  EXPECT_EQ(RunUnload(context, options).value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre("klpx"));
  EXPECT_THAT(out.str(), HasSubstr("test_fix: disabled, module removed"));
}

TEST_F(ResolveTest, AMissingFileMeansThePatchOfItsName) {
  EXPECT_EQ(ResolveName(kernel, "/gone/a-fix.ko").value(), "a_fix");
}

TEST_F(ResolveTest, AFileThatIsNoModuleIsAnError) {
  kernel.files["/tmp/fix.ko"] = "nonsense";
  EXPECT_EQ(KindOf(ResolveName(kernel, "/tmp/fix.ko").status()),
            ErrorKind::kNotAModule);
}

TEST_F(ResolveTest, TheEngineIsNoPatch) {
  EXPECT_EQ(KindOf(ResolvePatch(kernel, "klpx").status()),
            ErrorKind::kNotAPatch);
  const auto code = RunEnable(context, {"klpx", "", false, {}});
  EXPECT_EQ(KindOf(code.status()), ErrorKind::kNotAPatch);
  EXPECT_THAT(std::string(code.status().message()),
              HasSubstr("klpx.ko is the engine"));
}

}  // namespace
}  // namespace klpx
