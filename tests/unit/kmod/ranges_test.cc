// SPDX-License-Identifier: GPL-2.0
// kmod/pure/ranges.c: building and searching sets of address ranges.
#include "pure/ranges.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace {

const char kA = 0, kB = 0, kC = 0;

const void* OwnerAt(const std::vector<klpx_range>& ranges, size_t count,
                    unsigned long addr) {
  const klpx_range* found = klpx_ranges_find(ranges.data(), count, addr);
  return found == nullptr ? nullptr : found->owner;
}

TEST(RangesTest, FindsNothingInAnEmptySet) {
  EXPECT_EQ(klpx_ranges_find(nullptr, 0, 42), nullptr);
}

TEST(RangesTest, HoldsItsStartButNotItsEnd) {
  std::vector<klpx_range> ranges = {{100, 200, &kA}};
  const size_t n = klpx_ranges_build(ranges.data(), ranges.size());
  ASSERT_EQ(n, 1u);
  EXPECT_EQ(OwnerAt(ranges, n, 99), nullptr);
  EXPECT_EQ(OwnerAt(ranges, n, 100), &kA);
  EXPECT_EQ(OwnerAt(ranges, n, 199), &kA);
  EXPECT_EQ(OwnerAt(ranges, n, 200), nullptr);
}

TEST(RangesTest, SortsWhatComesInAnyOrder) {
  std::vector<klpx_range> ranges = {
      {500, 600, &kC}, {100, 200, &kA}, {300, 400, &kB}};
  const size_t n = klpx_ranges_build(ranges.data(), ranges.size());
  ASSERT_EQ(n, 3u);
  EXPECT_EQ(OwnerAt(ranges, n, 150), &kA);
  EXPECT_EQ(OwnerAt(ranges, n, 350), &kB);
  EXPECT_EQ(OwnerAt(ranges, n, 550), &kC);
  EXPECT_EQ(OwnerAt(ranges, n, 250), nullptr);
}

TEST(RangesTest, KeepsNeighboursApart) {
  std::vector<klpx_range> ranges = {{100, 200, &kA}, {200, 300, &kB}};
  const size_t n = klpx_ranges_build(ranges.data(), ranges.size());
  ASSERT_EQ(n, 2u);
  EXPECT_EQ(OwnerAt(ranges, n, 199), &kA);
  EXPECT_EQ(OwnerAt(ranges, n, 200), &kB);
}

TEST(RangesTest, MergesARangeInsideAnother) {
  std::vector<klpx_range> ranges = {{100, 200, &kA}, {109, 110, &kB}};
  const size_t n = klpx_ranges_build(ranges.data(), ranges.size());
  ASSERT_EQ(n, 1u);
  EXPECT_EQ(OwnerAt(ranges, n, 150), &kA);
}

TEST(RangesTest, MergesARangeThatReachesFurther) {
  std::vector<klpx_range> ranges = {{100, 200, &kA}, {150, 300, &kB}};
  const size_t n = klpx_ranges_build(ranges.data(), ranges.size());
  ASSERT_EQ(n, 1u);
  EXPECT_EQ(OwnerAt(ranges, n, 299), &kA);
  EXPECT_EQ(OwnerAt(ranges, n, 300), nullptr);
}

TEST(RangesTest, DropsEmptyRanges) {
  std::vector<klpx_range> ranges = {{100, 100, &kA}, {300, 200, &kB}};
  EXPECT_EQ(klpx_ranges_build(ranges.data(), ranges.size()), 0u);
}

TEST(RangesTest, HoldsTheHighestAddresses) {
  std::vector<klpx_range> ranges = {{~0ul - 10, ~0ul, &kA}};
  const size_t n = klpx_ranges_build(ranges.data(), ranges.size());
  EXPECT_EQ(OwnerAt(ranges, n, ~0ul - 1), &kA);
  EXPECT_EQ(OwnerAt(ranges, n, ~0ul), nullptr);
}

// The search against a linear one, on many random sets.
TEST(RangesTest, AgreesWithALinearSearch) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<klpx_range> ranges(random() % 40);
    for (klpx_range& range : ranges) {
      range.start = random() % 1000;
      range.end = range.start + random() % 50;
      range.owner = &kA;
    }
    const std::vector<klpx_range> plain = ranges;
    const size_t n = klpx_ranges_build(ranges.data(), ranges.size());
    for (unsigned long addr = 0; addr < 1060; ++addr) {
      bool inside = false;
      for (const klpx_range& range : plain)
        inside = inside || (addr >= range.start && addr < range.end);
      ASSERT_EQ(klpx_ranges_find(ranges.data(), n, addr) != nullptr, inside)
          << "round " << round << ", address " << addr;
    }
  }
}

}  // namespace
