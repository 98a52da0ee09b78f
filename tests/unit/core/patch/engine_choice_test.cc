// SPDX-License-Identifier: GPL-2.0
// Which engine runs a file: what it is made for, what is wanted, what is on.
#include "controller/core/patch/engine_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "controller/core/base/error.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

PatchFile MadeFor(Engine engine) {
  PatchFile file;
  file.module = "fix";
  file.engine = engine;
  return file;
}

struct Case {
  const char* test;
  Engine made_for;
  const char* wanted;
  bool adopts;
  Engine runs_on;
};

class EngineChoiceTest : public testing::TestWithParam<Case> {};

TEST_P(EngineChoiceTest, FollowsTheFileTheWishAndTheSetting) {
  const Case& given = GetParam();
  const auto file =
      ChooseEngine(MadeFor(given.made_for), given.wanted, given.adopts);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->engine, given.runs_on);
  EXPECT_EQ(file->adopted, given.made_for != given.runs_on);
  EXPECT_EQ(IsMadeForKernel(*file), given.made_for == Engine::kKernel);
}

INSTANTIATE_TEST_SUITE_P(
    All, EngineChoiceTest,
    testing::Values(
        Case{"Off", Engine::kKernel, "", false, Engine::kKernel},
        Case{"On", Engine::kKernel, "", true, Engine::kKlpx},
        Case{"OffWanted", Engine::kKernel, "klpx", false, Engine::kKlpx},
        Case{"OnWanted", Engine::kKernel, "klpx", true, Engine::kKlpx},
        Case{"OffUnwanted", Engine::kKernel, "kernel", false, Engine::kKernel},
        Case{"OnUnwanted", Engine::kKernel, "kernel", true, Engine::kKernel},
        Case{"Ours", Engine::kKlpx, "", true, Engine::kKlpx},
        Case{"OursWanted", Engine::kKlpx, "klpx", false, Engine::kKlpx},
        Case{"NoPatch", Engine::kNone, "kernel", true, Engine::kNone}),
    [](const auto& info) { return std::string(info.param.test); });

TEST(EngineRefusalTest, APatchForKlpxCannotRunOnTheKernelsEngine) {
  const absl::Status status =
      ChooseEngine(MadeFor(Engine::kKlpx), "kernel", true).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("imports __klpx_enable_patch"));
}

TEST(EngineRefusalTest, AnotherWordIsAMistake) {
  const absl::Status status =
      ChooseEngine(MadeFor(Engine::kKernel), "kpatch", false).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kUsage);
  EXPECT_THAT(std::string(status.message()), HasSubstr("klpx or kernel"));
}

}  // namespace
}  // namespace klpx
