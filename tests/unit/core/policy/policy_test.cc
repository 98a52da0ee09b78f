// SPDX-License-Identifier: GPL-2.0
#include "controller/core/policy/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(DefaultPolicyTest, SignalsEachTaskEveryFifteenSecondsAndNeverForces) {
  const Policy policy = DefaultPolicy();
  ASSERT_THAT(policy.rules, SizeIs(1));
  ASSERT_THAT(policy.rules[0].steps, SizeIs(1));
  const PolicyStep& step = policy.rules[0].steps[0];
  EXPECT_EQ(step.after, absl::Seconds(15));
  EXPECT_EQ(step.every, absl::Seconds(15));
  EXPECT_EQ(step.at_most, 0u);
  EXPECT_EQ(step.push, KLPX_PUSH_SIGNAL);
  EXPECT_FALSE(policy.deadline.after.has_value());
  EXPECT_EQ(policy.deadline.then, PolicyDeadline::Then::kWait);
  EXPECT_THAT(policy.deadline.force, IsEmpty());
}

TEST(DefaultPolicyTest, ItsRuleMatchesEveryTask) {
  const PolicyRule rule = DefaultPolicy().rules[0];
  EXPECT_EQ(rule.classes, KLPX_CLASS_ALL);
  EXPECT_EQ(rule.reasons, KLPX_REASON_ALL);
  EXPECT_THAT(rule.uids, IsEmpty());
  EXPECT_THAT(rule.comms, IsEmpty());
  EXPECT_THAT(rule.patches, IsEmpty());
  EXPECT_THAT(rule.cgroups, IsEmpty());
}

TEST(DefaultPolicyTest, HasNoHealthCheck) {
  EXPECT_EQ(DefaultPolicy().health.watch, absl::ZeroDuration());
}

TEST(NamePatternTest, AWholeNameFitsItselfOnly) {
  const NamePattern pattern = {"fix", /*is_prefix=*/false};
  EXPECT_TRUE(Fits(pattern, "fix"));
  for (const char* name : {"", "fi", "fixed", "Fix", " fix", "fix\n"}) {
    EXPECT_FALSE(Fits(pattern, name)) << name;
  }
}

TEST(NamePatternTest, APrefixFitsAllThatBeginSo) {
  const NamePattern pattern = {"fix_", /*is_prefix=*/true};
  EXPECT_TRUE(Fits(pattern, "fix_"));
  EXPECT_TRUE(Fits(pattern, "fix_a"));
  for (const char* name : {"", "fix", "a_fix_", "FIX_a"}) {
    EXPECT_FALSE(Fits(pattern, name)) << name;
  }
}

// "*" alone.
TEST(NamePatternTest, AnEmptyPrefixFitsEveryName) {
  const NamePattern pattern = {"", /*is_prefix=*/true};
  EXPECT_TRUE(Fits(pattern, ""));
  EXPECT_TRUE(Fits(pattern, "fix"));
}

// A star in the text is one, not a pattern.
TEST(NamePatternTest, NothingInTheTextIsSpecial) {
  EXPECT_FALSE(Fits({"f*", false}, "fix"));
  EXPECT_FALSE(Fits({".*", true}, "fix"));
  EXPECT_TRUE(Fits({"f*", false}, "f*"));
}

}  // namespace
}  // namespace klpx
