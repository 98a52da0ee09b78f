// SPDX-License-Identifier: GPL-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/verbs/verbs.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kRulesFile[] = "/tmp/p.toml";
constexpr char kRules[] =
    "[[rule]]\nname = \"db\"\ncomm = \"mysqld\"\ncgroup = \"/db\"\n"
    "do = \"leave\"\n[deadline]\nafter = \"1m\"\nthen = \"reverse\"\n";

class PolicyTest : public testing::Test, public CommandTest {
 protected:
  PolicyTest() { kernel.files[kRulesFile] = kRules; }

  absl::StatusOr<int> Run(const std::string& action,
                          const std::string& file = "") {
    return RunPolicy(context, {action, file});
  }
};

TEST_F(PolicyTest, ShowsWhatIsAttachedAndWhatTheFileSays) {
  kernel.files[KLPX_STATS_DIR "/policy"] = "klpx\n";
  ASSERT_TRUE(Run("show", kRulesFile).ok());
  EXPECT_THAT(out.str(), HasSubstr("attached: klpx\n"));
  EXPECT_THAT(out.str(), HasSubstr("deadline: after 1m, reverse"));
  EXPECT_THAT(out.str(), HasSubstr("comm mysqld, cgroup /db"));
  EXPECT_THAT(out.str(), HasSubstr("leave alone"));
  EXPECT_THAT(out.str(), HasSubstr("signal after 15s, every 15s"));
}

TEST_F(PolicyTest, ShowsThatThereIsNoPolicy) {
  ASSERT_TRUE(Run("show").ok());
  EXPECT_THAT(out.str(), HasSubstr("attached: none"));
  EXPECT_THAT(out.str(), HasSubstr(kPolicyFile));
  EXPECT_THAT(out.str(), HasSubstr("does not exist"));
}

TEST_F(PolicyTest, ChecksWithoutTouchingAnything) {
  ASSERT_TRUE(Run("check", kRulesFile).ok());
  EXPECT_THAT(policy.applied, IsEmpty());
  kernel.files[kRulesFile] = "a = 1\n";
  const absl::Status mistake = Run("check", kRulesFile).status();
  EXPECT_EQ(KindOf(mistake), ErrorKind::kBadPolicy);
  EXPECT_THAT(std::string(mistake.message()), HasSubstr("/tmp/p.toml:1:"));
}

TEST_F(PolicyTest, AppliesAndWarnsOfMissingCgroups) {
  kernel.files[KLPX_STATS_DIR "/abi"] = absl::StrCat(KLPX_ABI_VERSION, "\n");
  ASSERT_TRUE(Run("apply", kRulesFile).ok());
  EXPECT_THAT(policy.applied, SizeIs(1));
  EXPECT_THAT(err.str(), HasSubstr("no cgroup /db"));
  policy.cgroups = {{"/db", 5}};
  ASSERT_TRUE(Run("apply", kRulesFile).ok());
  EXPECT_THAT(policy.applied, SizeIs(2));
}

TEST_F(PolicyTest, AMistakeChangesNothing) {
  kernel.files[KLPX_STATS_DIR "/abi"] = absl::StrCat(KLPX_ABI_VERSION, "\n");
  kernel.files[kRulesFile] = "[[rule]]\n";
  EXPECT_FALSE(Run("apply", kRulesFile).ok());
  EXPECT_THAT(policy.applied, IsEmpty());
}

TEST_F(PolicyTest, LoadsAndUnloadsAUsersObject) {
  kernel.files[KLPX_STATS_DIR "/abi"] = absl::StrCat(KLPX_ABI_VERSION, "\n");
  EXPECT_EQ(KindOf(Run("load").status()), ErrorKind::kUsage);
  ASSERT_TRUE(Run("load", "/tmp/mine.bpf.o").ok());
  EXPECT_EQ(policy.object, "/tmp/mine.bpf.o");
  ASSERT_TRUE(Run("unload").ok());
  EXPECT_THAT(policy.object, IsEmpty());
  EXPECT_THAT(out.str(), HasSubstr("detached"));
}

TEST_F(PolicyTest, NeedsTheEngine) {
  EXPECT_EQ(KindOf(Run("apply", kRulesFile).status()), ErrorKind::kNoEngine);
}

constexpr char kDeadline[] =
    "[deadline]\nafter = \"1m\"\nthen = \"force\"\nforce = [\"test_*\"]\n";

TEST_F(PolicyTest, TheDeadlineIsTheDefaultTimeout) {
  kernel.files[kPolicyFile] = kRules;
  const WaitOptions wait = WithDeadline(kernel, context.console, kName, {});
  EXPECT_EQ(wait.timeout, absl::Minutes(1));
  EXPECT_TRUE(wait.reverse_on_timeout);
  WaitOptions own;
  own.timeout = absl::Seconds(5);
  EXPECT_EQ(WithDeadline(kernel, context.console, kName, own).timeout,
            absl::Seconds(5));
  EXPECT_FALSE(
      WithDeadline(kernel, context.console, kName, own).reverse_on_timeout);
}

TEST_F(PolicyTest, ForcesNothingWithoutTheOperator) {
  kernel.files[kPolicyFile] = kDeadline;
  EXPECT_FALSE(
      WithDeadline(kernel, context.console, kName, {}).force_on_timeout);
  EXPECT_THAT(err.str(), HasSubstr("--allow-force"));
  WaitOptions allowed;
  allowed.may_force = true;
  EXPECT_TRUE(
      WithDeadline(kernel, context.console, kName, allowed).force_on_timeout);
  EXPECT_FALSE(
      WithDeadline(kernel, context.console, "other", allowed).force_on_timeout);
}

TEST_F(PolicyTest, AMistakeInTheFileIsAWarningForWait) {
  kernel.files[kPolicyFile] = "a = 1\n";
  EXPECT_EQ(WithDeadline(kernel, context.console, kName, {}).timeout,
            absl::InfiniteDuration());
  EXPECT_THAT(err.str(), HasSubstr("klp-controller policy check"));
}

TEST_F(PolicyTest, CheckRefusesMoreRulesThanTheKernelHolds) {
  std::string many = "[[rule]]\ndo = \"leave\"\ncomm = [\"x\"";
  for (int i = 0; i < KLPX_RULES_MAX; ++i) {
    absl::StrAppend(&many, ", \"c", i, "\"");
  }
  kernel.files[kRulesFile] = absl::StrCat(many, "]\n");
  EXPECT_EQ(KindOf(Run("check", kRulesFile).status()), ErrorKind::kBadPolicy);
}

TEST_F(PolicyTest, WhatIsAttachedStaysAttached) {
  kernel.files[kPolicyFile] = kRules;
  kernel.files[KLPX_STATS_DIR "/policy"] = "gentle\n";
  ASSERT_TRUE(ApplyIfNone(kernel, policy, Engine::kKlpx).ok());
  EXPECT_THAT(policy.applied, IsEmpty());
  kernel.files[KLPX_STATS_DIR "/policy"] = "\n";
  ASSERT_TRUE(ApplyIfNone(kernel, policy, Engine::kKlpx).ok());
  EXPECT_THAT(policy.applied, SizeIs(1));
}

TEST_F(PolicyTest, UnknownAction) {
  EXPECT_EQ(KindOf(Run("destroy").status()), ErrorKind::kUsage);
}

}  // namespace
}  // namespace klpx
