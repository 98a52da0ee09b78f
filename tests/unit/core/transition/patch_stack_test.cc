// SPDX-License-Identifier: GPL-2.0
#include "controller/core/transition/patch_stack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

PatchState Patch(const std::string& name, uint64_t order,
                 const std::vector<std::string>& functions) {
  PatchState patch;
  patch.name = name;
  patch.registered = true;
  patch.enabled = true;
  patch.stack_order = order;
  patch.replace = false;
  patch.replace_set = 0;
  patch.objects = {{"vmlinux", true, {}}};
  for (const std::string& function : functions) {
    patch.objects[0].functions.push_back({function, "1"});
  }
  return patch;
}

// c, in transition, replaces a and b.
std::vector<PatchState> Replacing() {
  std::vector<PatchState> patches = {Patch("a", 1, {"f"}), Patch("b", 2, {"g"}),
                                     Patch("c", 3, {"f"})};
  patches[2].replace = true;
  patches[2].transition = true;
  return patches;
}

TEST(PatchStackTest, PutsTheNewestVersionFirst) {
  const auto functions =
      StackFunctions({Patch("a", 1, {"f", "g"}), Patch("b", 2, {"f"})});
  ASSERT_EQ(functions.size(), 2u);
  EXPECT_EQ(functions[0].name, "f");
  EXPECT_THAT(functions[0].patches, ElementsAre("b", "a"));
  EXPECT_EQ(functions[1].name, "g");
  EXPECT_THAT(functions[1].patches, ElementsAre("a"));
}

// pause(2) has two names; patches that use different ones share the function.
TEST(PatchStackTest, TwoNamesOfOneAddressAreOneFunction) {
  std::vector<PatchState> patches = {Patch("a", 1, {"__x64_sys_pause"}),
                                     Patch("b", 2, {"__do_sys_pause", "g"})};
  FunctionTable places;
  places[{"vmlinux", "__x64_sys_pause"}].bodies = {{0x100, 0x200}};
  places[{"vmlinux", "__do_sys_pause"}].bodies = {{0x100, 0x200}};
  EXPECT_EQ(StackFunctions(patches).size(), 3u);
  const auto functions = StackFunctions(patches, places);
  ASSERT_EQ(functions.size(), 2u);
  EXPECT_EQ(functions[0].name, "__do_sys_pause");
  EXPECT_THAT(functions[0].other_names, ElementsAre("__x64_sys_pause"));
  EXPECT_THAT(functions[0].patches, ElementsAre("b", "a"));
  Relate(patches, places);
  EXPECT_EQ(patches[0].objects[0].functions[0].owner, "b");
}

TEST(PatchStackTest, PlacesAreNeededOnlyWhereTwoPatchesShareAnObject) {
  std::vector<PatchState> patches = {Patch("a", 1, {"f"})};
  EXPECT_FALSE(MayShareFunctions(patches));
  patches.push_back(Patch("b", 2, {"g"}));
  EXPECT_TRUE(MayShareFunctions(patches));
  patches[1].objects[0].name = "ext4";
  EXPECT_FALSE(MayShareFunctions(patches));
}

TEST(PatchStackTest, TellsSymbolsOfTheSameNameApart) {
  std::vector<PatchState> patches = {Patch("a", 1, {"f"}),
                                     Patch("b", 2, {"f"})};
  patches[1].objects[0].functions[0].sympos = "2";
  EXPECT_EQ(StackFunctions(patches).size(), 2u);
}

TEST(PatchStackTest, FindsTheOwnerOfAFunctionInAFile) {
  const std::vector<PatchState> patches = {Patch("a", 1, {"f"})};
  const FunctionOwners owners = OwnersOf(patches, {});
  EXPECT_EQ(owners.at(Identify({}, {"vmlinux", "f"}, 0)), "a");
  EXPECT_EQ(owners.at(Identify({}, {"vmlinux", "f"}, 1)), "a");
  EXPECT_FALSE(owners.contains(Identify({}, {"vmlinux", "f"}, 2)));
  EXPECT_FALSE(owners.contains(Identify({}, {"ext4", "f"}, 0)));
}

TEST(PatchStackTest, RelatesOwners) {
  std::vector<PatchState> patches = {Patch("a", 1, {"f"}),
                                     Patch("b", 2, {"f"})};
  Relate(patches);
  EXPECT_EQ(patches[0].objects[0].functions[0].owner, "b");
  EXPECT_EQ(patches[1].objects[0].functions[0].owner, "b");
}

TEST(PatchStackTest, RelatesReplacedPatches) {
  std::vector<PatchState> patches = Replacing();
  Relate(patches);
  EXPECT_THAT(patches[2].replaces, ElementsAre("a", "b"));
  EXPECT_EQ(patches[0].replaced_by, "c");
  EXPECT_EQ(patches[1].replaced_by, "c");
  EXPECT_EQ(patches[2].replaced_by, "");
}

TEST(PatchStackTest, AnotherSetIsNotReplaced) {
  std::vector<PatchState> patches = Replacing();
  patches[0].replace_set = 1;
  Relate(patches);
  EXPECT_THAT(patches[2].replaces, ElementsAre("b"));
  EXPECT_EQ(patches[0].replaced_by, "");
}

TEST(PatchStackTest, NothingIsReplacedWithoutATransition) {
  std::vector<PatchState> patches = Replacing();
  patches[2].transition = false;
  Relate(patches);
  EXPECT_THAT(patches[2].replaces, IsEmpty());
}

TEST(PatchStackTest, NothingIsReplacedOnTheWayBack) {
  std::vector<PatchState> patches = Replacing();
  patches[2].enabled = false;
  Relate(patches);
  EXPECT_THAT(patches[2].replaces, IsEmpty());
}

}  // namespace
}  // namespace klpx
