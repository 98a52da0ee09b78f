// SPDX-License-Identifier: GPL-2.0
#include "controller/core/kernel/kernel_evidence.h"

#include <gtest/gtest.h>

#include <limits>

namespace klpx {
namespace {

constexpr uint64_t kWarned = 1 << 9;
constexpr uint64_t kOutOfTree = 1 << 12;

TEST(TroubleTaintTest, LeavesOutTaintsOfModules) {
  EXPECT_EQ(TroubleTaint("12288\n"), 0u);
  EXPECT_EQ(TroubleTaint("12800\n"), kWarned);
  EXPECT_EQ(TroubleTaint("16\n"), 0u);  // a machine check
  EXPECT_EQ(TroubleTaint(""), 0u);
  EXPECT_EQ(TroubleTaint("no"), 0u);
}

TEST(EvidenceTextTest, IsReadBackUnchanged) {
  const KernelEvidence evidence = {
      kWarned,
      {{"oops_count", 0},
       {"warn_count", std::numeric_limits<uint64_t>::max()}}};
  const KernelEvidence back = ParseEvidence(EvidenceText(evidence));
  EXPECT_EQ(back.taint, evidence.taint);
  EXPECT_EQ(back.counts, evidence.counts);
}

TEST(GainedTest, NamesEveryIncrease) {
  const KernelEvidence before = {0, {{"oops_count", 0}, {"warn_count", 0}}};
  EXPECT_EQ(Gained(before, before), "");
  EXPECT_EQ(Gained(before, {kWarned, {{"oops_count", 0}, {"warn_count", 2}}}),
            "warn_count 0 -> 2, tainted W");
  EXPECT_EQ(Gained(before, {1 << 7, {}}), "tainted D");
}

TEST(GainedTest, SeesASecondWarningByItsCount) {
  EXPECT_EQ(
      Gained({kWarned, {{"warn_count", 1}}}, {kWarned, {{"warn_count", 2}}}),
      "warn_count 1 -> 2");
}

TEST(GainedTest, IgnoresCountersThatWereNotReadBefore) {
  EXPECT_EQ(Gained({0, {}}, {kOutOfTree, {{"warn_count", 7}}}), "");
  EXPECT_EQ(Gained({0, {{"warn_count", 7}}}, {0, {{"warn_count", 0}}}), "");
}

}  // namespace
}  // namespace klpx
