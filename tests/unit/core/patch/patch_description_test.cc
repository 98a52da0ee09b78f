// SPDX-License-Identifier: GPL-2.0
// How a patch file says it patches, its states, and what can be wrong there.
#include "controller/core/patch/patch_description.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "controller/core/base/abi.h"
#include "tests/unit/core/patch/hostile_files.h"
#include "tests/unit/data/test_files.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

absl::StatusOr<std::optional<PatchDescription>> Read(const std::string& bytes) {
  const auto elf = ElfImage::Parse(bytes);
  EXPECT_TRUE(elf.ok()) << elf.status();
  return ReadDescription(*elf);
}

// The fixture is compiled with include/klpx/livepatch.h: if that changes its
// layout, these fail.
PatchDescription OfModule() {
  return Read(ReadTestFile(TEST_MODULE_KLPX)).value().value();
}

TEST(PatchDescriptionTest, DecodesHowItIsPatched) {
  const PatchDescription patch = OfModule();
  EXPECT_EQ(patch.model, "stop-machine");
  EXPECT_TRUE(patch.replace);
  EXPECT_EQ(patch.replace_set, 3u);
}

TEST(PatchDescriptionTest, DecodesCallbacksOfObjects) {
  const PatchDescription patch = OfModule();
  ASSERT_EQ(patch.objects.size(), 2u);
  EXPECT_EQ(patch.objects[0].name, "vmlinux");
  EXPECT_TRUE(patch.objects[0].callbacks.empty());
  EXPECT_EQ(patch.objects[1].name, "other");
  EXPECT_THAT(patch.objects[1].callbacks,
              ElementsAre("pre_patch", "post_unpatch"));
}

TEST(PatchDescriptionTest, DecodesStates) {
  const PatchDescription patch = OfModule();
  ASSERT_EQ(patch.states.size(), 2u);
  const SystemState& first = patch.states[0];
  EXPECT_EQ(first.id, 7u);
  EXPECT_EQ(first.name, "sockets");
  EXPECT_EQ(first.version, 2u);
  EXPECT_TRUE(first.is_shadow);
  EXPECT_FALSE(first.block_disable);
  EXPECT_THAT(first.callbacks, ElementsAre("pre_patch", "shadow_dtor"));
  const SystemState& second = patch.states[1];
  EXPECT_EQ(second.id, 8u);
  EXPECT_FALSE(second.is_shadow);
  EXPECT_TRUE(second.block_disable);
  EXPECT_TRUE(second.callbacks.empty());
}

class PatchDescriptionFaultTest : public testing::TestWithParam<Fault> {};

TEST_P(PatchDescriptionFaultTest, IsRefused) { ExpectRefused(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, PatchDescriptionFaultTest,
    testing::Values(
        Fault{"states_without_end", "the states do not end"},
        Fault{"states_in_thousands", "more than 4096 states"},
        Fault{"state_name_outside", "state 7 has a name without an end"},
        Fault{"states_in_init", "the array of states is in .init.data"},
        Fault{"state_callback_is_data", "of state 7 is not a function"},
        Fault{"state_name_odd", "state 7 has a name that is too long or is"},
        Fault{"model_unknown", "unknown model 9"}),
    [](const testing::TestParamInfo<Fault>& info) {
      return std::string(info.param.name);
    });

TEST(PatchDescriptionTest, HasAVersionAndNoBuilder) {
  EXPECT_EQ(OfModule().version, 12u);
  EXPECT_EQ(OfModule().builder, "");
}

TEST(PatchDescriptionTest, AsManyStatesAsThereMayBeAreRead) {
  const auto patch = Read(ReadHostile("states_at_most"));
  ASSERT_TRUE(patch.ok()) << patch.status();
  EXPECT_EQ((*patch)->states.size(), size_t{KLPX_MAX_STATES});
}

TEST(PatchDescriptionTest, WhatIsNotSetIsTheDefault) {
  const auto patch = Read(ReadHostile("nothing"));
  ASSERT_TRUE(patch.ok() && patch->has_value());
  EXPECT_EQ((*patch)->model, "tasks");
  EXPECT_FALSE((*patch)->replace);
  EXPECT_EQ((*patch)->replace_set, 0u);
  EXPECT_EQ((*patch)->version, 0u);
  ASSERT_EQ((*patch)->states.size(), 1u);
  EXPECT_EQ((*patch)->states[0].name, "");
  EXPECT_EQ((*patch)->states[0].version, 0u);
}

// Not known, and no error: klp_enable_patch() is called with what there is.
TEST(PatchDescriptionTest, AModuleWithoutOneHasNone) {
  for (const char* path : {TEST_LIVEPATCH_KPATCH, TEST_LIVEPATCH_KLP}) {
    const auto patch = Read(ReadTestFile(path));
    ASSERT_TRUE(patch.ok()) << patch.status();
    EXPECT_FALSE(patch->has_value()) << path;
  }
}

}  // namespace
}  // namespace klpx
