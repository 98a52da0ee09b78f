// SPDX-License-Identifier: GPL-2.0
// Prepares the machine for a patch before it is loaded.
#include "controller/ops/patch/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/abi.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PrepareTest : public testing::Test, protected CommandTest {
 protected:
  Warnings warnings_{context.console};
};

TEST_F(PrepareTest, WithoutAnObserverThereIsAWarning) {
  observer.refusal = absl::UnavailableError("the moon is full");
  AttachObserver(observer, warnings_);
  ASSERT_THAT(warnings_.lines(), SizeIs(1));
  EXPECT_THAT(warnings_.lines()[0], HasSubstr("the moon is full"));
}

TEST_F(PrepareTest, AnEngineThatWasThereBeforeStays) {
  kernel.modules = {KLPX_MODULE_NAME};
  UndoPreparation(context.machine, context.recorder, /*locked=*/true,
                  warnings_)();
  EXPECT_THAT(kernel.modules, ElementsAre(KLPX_MODULE_NAME));
}

TEST_F(PrepareTest, AnEngineThatWasLoadedForThePatchGoes) {
  const auto undo = UndoPreparation(context.machine, context.recorder,
                                    /*locked=*/true, warnings_);
  kernel.modules = {KLPX_MODULE_NAME};
  undo();
  EXPECT_THAT(kernel.modules, IsEmpty());
  EXPECT_TRUE(observer.unpinned);
}

TEST_F(PrepareTest, WithoutTheLockNothingIsUndone) {
  const auto undo = UndoPreparation(context.machine, context.recorder,
                                    /*locked=*/false, warnings_);
  kernel.modules = {KLPX_MODULE_NAME};
  undo();
  EXPECT_THAT(kernel.modules, ElementsAre(KLPX_MODULE_NAME));
}

TEST_F(PrepareTest, TheModuleOfADisabledPatchGoes) {
  kernel.modules = {KLPX_MODULE_NAME, kName};
  EXPECT_TRUE(RemoveLeftover(kernel, context.recorder, "other").ok());
  EXPECT_THAT(kernel.modules, ElementsAre(KLPX_MODULE_NAME, kName));
  EXPECT_TRUE(RemoveLeftover(kernel, context.recorder, kName).ok());
  EXPECT_THAT(kernel.modules, ElementsAre(KLPX_MODULE_NAME));
}

}  // namespace
}  // namespace klpx
