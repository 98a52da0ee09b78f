// SPDX-License-Identifier: GPL-2.0
#include "controller/core/boot/accepted.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/patch/fnv1a.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Host kHost = {"box", "boot-1", "6.12.1", absl::UnixEpoch(), 5'000};

AcceptedPatch Patch(const std::string& name) {
  AcceptedPatch patch;
  patch.name = name;
  patch.engine = "klpx";
  patch.build_id = "00ff";
  patch.size = 3;
  patch.fingerprint = Fnv1a("abc");
  patch.from = "/root/" + name + ".ko";
  return patch;
}

std::vector<std::string> Names(const AcceptedList& list) {
  std::vector<std::string> names;
  for (const AcceptedPatch& patch : list) names.push_back(patch.name);
  return names;
}

TEST(AcceptedTextTest, IsReadBackUnchanged) {
  AcceptedPatch replacing = Patch("b");
  replacing.set = replacing.replaces_set.emplace(7);
  const std::string text = AcceptedText(kHost, {Patch("a"), replacing});
  EXPECT_THAT(SchemaErrors("klp.accepted", text), IsEmpty());
  const AcceptedList list = ParseAccepted(text).value();
  EXPECT_THAT(Names(list), ElementsAre("a", "b"));
  EXPECT_EQ(list[0].fingerprint, Fnv1a("abc"));
  EXPECT_EQ(list[0].replaces_set, std::nullopt);
  EXPECT_EQ(list[1].replaces_set, 7);
  EXPECT_EQ(list[1].from, "/root/b.ko");
}

// A text cut off anywhere is refused: no crash, and never half a list.
TEST(AcceptedTextTest, IsRefusedWhenTruncated) {
  const std::string text = AcceptedText(kHost, {Patch("a"), Patch("b")});
  for (size_t size = 0; size + 2 < text.size(); size++) {
    EXPECT_FALSE(ParseAccepted(text.substr(0, size)).ok()) << size;
  }
}

TEST(AcceptedTextTest, IsRefusedWhenForeign) {
  std::string text = AcceptedText(kHost, {Patch("a")});
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{
           {"klp.accepted/v1", "klp.accepted/v2"},
           {"\"name\": \"a\"", "\"name\": \"../../etc/passwd\""},
           {"\"name\": \"a\"", "\"name\": 1"},
           {"\"size\": 3", "\"size\": -3"},
           {"\"patches\": [", "\"patches\": [1, "},
           {"\"patches\"", "\"others\""}}) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    EXPECT_FALSE(ParseAccepted(changed).ok()) << to;
  }
}

TEST(AcceptTest, KeepsTheOrderOfTheStack) {
  AcceptedList list;
  const std::map<std::string, uint64_t> orders = {{"a", 1}, {"b", 2}, {"c", 3}};
  Accept(list, Patch("b"), orders);
  Accept(list, Patch("c"), orders);
  Accept(list, Patch("a"), orders);
  EXPECT_THAT(Names(list), ElementsAre("a", "b", "c"));
}

TEST(AcceptTest, AcceptingAgainReplacesTheOldBuild) {
  AcceptedList list = {Patch("a")};
  AcceptedPatch newer = Patch("a");
  newer.size = 4;
  EXPECT_THAT(Accept(list, newer, {{"a", 1}}), IsEmpty());
  ASSERT_EQ(list.size(), 1);
  EXPECT_EQ(list[0].size, 4);
}

TEST(AcceptTest, ACumulativePatchRemovesThePatchesItReplaces) {
  AcceptedPatch other_set = Patch("other");
  other_set.set = 9;
  AcceptedList list = {Patch("old"), other_set, Patch("kept")};
  AcceptedPatch replacing = Patch("new");
  replacing.replaces_set = 0;
  EXPECT_THAT(Accept(list, replacing, {{"kept", 1}, {"new", 2}}),
              ElementsAre("old"));
  EXPECT_THAT(Names(list), ElementsAre("other", "kept", "new"));
}

TEST(AcceptTest, RevokeTellsWhetherThePatchWasAccepted) {
  AcceptedList list = {Patch("a")};
  EXPECT_FALSE(Revoke(list, "b"));
  EXPECT_TRUE(Revoke(list, "a"));
  EXPECT_THAT(list, IsEmpty());
}

}  // namespace
}  // namespace klpx
