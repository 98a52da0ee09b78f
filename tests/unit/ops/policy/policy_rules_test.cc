// SPDX-License-Identifier: GPL-2.0
// The rules of a policy file, on their way into the kernel.
#include "controller/ops/policy/policy_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kAttached[] = "/sys/module/klpx/stats/policy";
constexpr char kOneRule[] =
    "[[rule]]\nname = \"a\"\ncomm = [\"mysqld\"]\ndo = \"leave\"\n";
constexpr char kCgroupRule[] =
    "[[rule]]\nname = \"a\"\ncgroup = [\"/db\"]\ndo = \"leave\"\n";

class PolicyRulesTest : public testing::Test, protected CommandTest {
 protected:
  void SetPolicy(const std::string& text) { kernel.files[kPolicyFile] = text; }
};

TEST_F(PolicyRulesTest, TheFileNeedNotExist) {
  const auto policy = ReadPolicy(kernel, "");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_FALSE(policy->has_value());
}

TEST_F(PolicyRulesTest, AFileThatWasNamedHasToExist) {
  const absl::Status status = ReadPolicy(kernel, "/no/such.toml").status();
  EXPECT_EQ(KindOf(status), ErrorKind::kNoSuchPatch);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/no/such.toml"));
}

TEST_F(PolicyRulesTest, AFileThatCannotBeReadIsAnError) {
  SetPolicy("");
  kernel.read_errno[kPolicyFile] = EACCES;
  EXPECT_FALSE(ReadPolicy(kernel, "").ok());
}

TEST_F(PolicyRulesTest, AMistakeNamesItsFile) {
  kernel.files["/tmp/p.toml"] = "[deadline\n";
  const absl::Status status = ReadPolicy(kernel, "/tmp/p.toml").status();
  EXPECT_EQ(KindOf(status), ErrorKind::kBadPolicy);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/tmp/p.toml"));
}

TEST_F(PolicyRulesTest, ARuleAndTheDefaultAreTwoRows) {
  SetPolicy(kOneRule);
  const auto warnings = ApplyPolicy(kernel, policy, "");
  ASSERT_TRUE(warnings.ok()) << warnings.status();
  EXPECT_THAT(*warnings, IsEmpty());
  EXPECT_THAT(policy.applied, SizeIs(2));
}

TEST_F(PolicyRulesTest, WithoutAFileThereIsNothingToApply) {
  EXPECT_TRUE(ApplyPolicy(kernel, policy, "").ok());
  EXPECT_THAT(policy.applied, IsEmpty());
}

TEST_F(PolicyRulesTest, ACgroupThatIsNotThereIsAWarningThatNamesIt) {
  SetPolicy(kCgroupRule);
  const auto warnings = ApplyPolicy(kernel, policy, "");
  ASSERT_TRUE(warnings.ok()) << warnings.status();
  EXPECT_THAT(*warnings, ElementsAre(HasSubstr("/db")));
}

TEST_F(PolicyRulesTest, ACgroupThatIsThereIsInItsRow) {
  policy.cgroups = {{"/db", 4711}};
  SetPolicy(kCgroupRule);
  EXPECT_THAT(ApplyPolicy(kernel, policy, "").value(), IsEmpty());
  ASSERT_THAT(policy.applied, SizeIs(2));
  EXPECT_EQ(policy.applied[0].cgroup, 4711u);
}

TEST_F(PolicyRulesTest, WhatTheKernelRefusesIsAnError) {
  SetPolicy(kOneRule);
  policy.refusal = absl::InternalError("no room");
  EXPECT_THAT(std::string(ApplyPolicy(kernel, policy, "").status().message()),
              HasSubstr("no room"));
}

TEST_F(PolicyRulesTest, KnowsWhichPolicyIsAttached) {
  EXPECT_EQ(AttachedPolicy(kernel), "");
  kernel.files[kAttached] = "\n";
  EXPECT_EQ(AttachedPolicy(kernel), "");
  kernel.files[kAttached] = "my_own\n";
  EXPECT_EQ(AttachedPolicy(kernel), "my_own");
}

TEST_F(PolicyRulesTest, IfNoneIsAttachedTheFileIs) {
  SetPolicy(kOneRule);
  EXPECT_TRUE(ApplyIfNone(kernel, policy, Engine::kKlpx).ok());
  EXPECT_THAT(policy.applied, SizeIs(2));
}

TEST_F(PolicyRulesTest, WhatIsAttachedStays) {
  SetPolicy(kOneRule);
  kernel.files[kAttached] = "my_own\n";
  EXPECT_TRUE(ApplyIfNone(kernel, policy, Engine::kKlpx).ok());
  EXPECT_THAT(policy.applied, IsEmpty());
}

TEST_F(PolicyRulesTest, TheKernelsOwnEngineTakesNoRules) {
  SetPolicy(kOneRule);
  const auto warnings = ApplyIfNone(kernel, policy, Engine::kKernel);
  ASSERT_TRUE(warnings.ok()) << warnings.status();
  EXPECT_THAT(*warnings, ElementsAre(HasSubstr(kPolicyFile)));
  EXPECT_THAT(policy.applied, IsEmpty());
}

TEST_F(PolicyRulesTest, AFileWithoutRulesIsNothingToWarnOfThere) {
  SetPolicy("[deadline]\nafter = \"60s\"\n");
  EXPECT_THAT(ApplyIfNone(kernel, policy, Engine::kKernel).value(), IsEmpty());
}

TEST_F(PolicyRulesTest, AMistakeIsAnErrorThereToo) {
  SetPolicy("[deadline\n");
  EXPECT_EQ(KindOf(ApplyIfNone(kernel, policy, Engine::kKernel).status()),
            ErrorKind::kBadPolicy);
}

TEST_F(PolicyRulesTest, IfPossibleAMistakeIsAWarning) {
  SetPolicy("[deadline\n");
  EXPECT_THAT(ApplyIfPossible(kernel, policy, Engine::kKlpx),
              ElementsAre(HasSubstr(kPolicyFile)));
}

}  // namespace
}  // namespace klpx
