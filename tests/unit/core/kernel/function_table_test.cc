// SPDX-License-Identifier: GPL-2.0
#include "controller/core/kernel/function_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kKallsyms[] =
    "ffffffff81000000 T do_open\n"
    "ffffffff81000100 t show\n"
    "ffffffff81000140 t show\n"
    "ffffffff81000180 t do_open.cold\n"
    "ffffffff81000200 t do_read.isra.0\n"
    "ffffffff81000300 t do_read.part.0\n"
    "ffffffff81000340 t do_read.part.0.cold\n"
    "ffffffff81000400 D do_open\n"
    "ffffffffc0000000 t do_open\t[ext4]\n"
    "ffffffffc0000010 d ext4_data\t[ext4]\n";

FunctionPlaces Find(const FunctionKey& key,
                    absl::string_view kallsyms = kKallsyms) {
  return FindFunctions(kallsyms, {key})[key];
}

std::vector<uint64_t> Starts(const std::vector<AddressRange>& ranges) {
  std::vector<uint64_t> starts;
  for (const AddressRange& range : ranges) starts.push_back(range.start);
  return starts;
}

TEST(FunctionTableTest, FunctionsEndAtTheNextSymbol) {
  const FunctionPlaces open = Find({"vmlinux", "do_open"});
  ASSERT_EQ(open.bodies.size(), 1u);
  EXPECT_EQ(open.bodies[0].start, 0xffffffff81000000u);
  EXPECT_EQ(open.bodies[0].end, 0xffffffff81000100u);
  ASSERT_EQ(open.parts.size(), 1u);
  EXPECT_EQ(open.parts[0].end, 0xffffffff81000200u);
}

TEST(FunctionTableTest, KeepsTheOrderOfPositions) {
  const FunctionPlaces show = Find({"vmlinux", "show"});
  ASSERT_EQ(show.bodies.size(), 2u);
  EXPECT_LT(show.bodies[0].start, show.bodies[1].start);
}

TEST(FunctionTableTest, TellsModulesFromTheKernel) {
  const FunctionPlaces open = Find({"ext4", "do_open"});
  ASSERT_EQ(open.bodies.size(), 1u);
  EXPECT_EQ(open.bodies[0].end, 0xffffffffc0000010u);
}

TEST(FunctionTableTest, NamesTheRenamedCopies) {
  const FunctionPlaces read = Find({"vmlinux", "do_read"});
  EXPECT_THAT(read.bodies, IsEmpty());
  EXPECT_THAT(read.variants, ElementsAre("do_read.isra.0", "do_read.part.0"));
  EXPECT_THAT(Starts(read.parts),
              UnorderedElementsAre(0xffffffff81000300u, 0xffffffff81000340u));
}

TEST(FunctionTableTest, FindsThePartsOfARenamedCopy) {
  constexpr char kText[] =
      "1000 t do_open.isra.0\n1100 t do_open.isra.0.cold\n"
      "1200 t do_open.cold.3\n1300 t do_open.colder\n1400 t other\n";
  EXPECT_THAT(Starts(Find({"vmlinux", "do_open.isra.0"}, kText).parts),
              ElementsAre(0x1100u));
  EXPECT_THAT(Starts(Find({"vmlinux", "do_open"},
                          "1000 t do_open\n1200 t do_open.cold.3\n"
                          "1300 t do_open.colder\n1400 t other\n")
                         .parts),
              ElementsAre(0x1200u));
}

TEST(FunctionTableTest, FindsThePartsOfEveryFunctionOfTheName) {
  constexpr char kText[] =
      "1000 t show\n1100 t show\n1200 t show.cold\n1300 t show.cold\n"
      "1400 t show.cold\t[ext4]\n1500 t end\n";
  EXPECT_THAT(Starts(Find({"vmlinux", "show"}, kText).parts),
              UnorderedElementsAre(0x1200u, 0x1300u));
}

TEST(FunctionTableTest, FindsThePartsByTheOtherNamesOfAFunction) {
  constexpr char kText[] =
      "1000 t alias\n1000 t real\n1200 t real.cold\n1300 t end\n";
  EXPECT_THAT(Starts(Find({"vmlinux", "alias"}, kText).parts),
              ElementsAre(0x1200u));
}

TEST(FunctionTableTest, LeavesHiddenAddressesWithoutARange) {
  const FunctionPlaces open =
      Find({"vmlinux", "do_open"}, "0000000000000000 T do_open\n");
  ASSERT_EQ(open.bodies.size(), 1u);
  EXPECT_EQ(open.bodies[0].start, open.bodies[0].end);
}

TEST(FunctionTableTest, SkipsInvalidLines) {
  EXPECT_THAT(FindFunctions("\n \nx\nzz T do_open\nffff T\nffff T \n",
                            {{"vmlinux", "do_open"}}),
              IsEmpty());
}

}  // namespace
}  // namespace klpx
