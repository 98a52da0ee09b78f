// SPDX-License-Identifier: GPL-2.0
// The policy file as the daemon goes by it.
#include "controller/daemon/rules.h"

#include <gmock/gmock.h>

#include <cerrno>

#include "tests/unit/daemon/job_test.h"

namespace klpx {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kAttached[] = "/sys/module/klpx/stats/policy";
constexpr char kGood[] = "[deadline]\nafter = \"60s\"\n";

class RulesTest : public JobTest {
 protected:
  Rules rules_{kernel, policy};
};

TEST_F(RulesTest, WithoutAFileThereIsNoDeadlineAndNoMistake) {
  rules_.Load(/*reload=*/false);
  EXPECT_FALSE(rules_.deadline().after.has_value());
  EXPECT_EQ(rules_.health().watch, absl::ZeroDuration());
  EXPECT_EQ(rules_.mistake(), "");
  EXPECT_THAT(JournalEntries(), IsEmpty());
}

TEST_F(RulesTest, TakesWhatTheFileSays) {
  SetPolicy("[deadline]\nafter = \"60s\"\n[health]\nwatch = \"30s\"\n");
  rules_.Load(/*reload=*/false);
  EXPECT_EQ(rules_.deadline().after, absl::Seconds(60));
  EXPECT_EQ(rules_.health().watch, absl::Seconds(30));
  EXPECT_EQ(rules_.mistake(), "");
}

TEST_F(RulesTest, SaysWhatIsWrongWithTheFile) {
  SetPolicy("[deadline]\nafter = \"some day\"\n");
  rules_.Load(/*reload=*/false);
  EXPECT_THAT(rules_.mistake(), HasSubstr("/etc/klpx/policy.toml"));
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kPolicyRefused));
  EXPECT_THAT(JournalEntries()[0].text, HasSubstr(rules_.mistake()));
}

TEST_F(RulesTest, AFileThatCannotBeReadIsAMistakeToo) {
  SetPolicy(kGood);
  kernel.read_errno["/etc/klpx/policy.toml"] = EACCES;
  rules_.Load(/*reload=*/false);
  EXPECT_NE(rules_.mistake(), "");
  EXPECT_FALSE(rules_.deadline().after.has_value());
}

TEST_F(RulesTest, AReloadWithAMistakeChangesNothing) {
  SetPolicy(kGood);
  rules_.Load(/*reload=*/false);
  SetPolicy("[deadline\n");
  rules_.Load(/*reload=*/true);
  EXPECT_EQ(rules_.deadline().after, absl::Seconds(60));
  EXPECT_NE(rules_.mistake(), "");
}

TEST_F(RulesTest, AMistakeThatWasMendedIsForgotten) {
  SetPolicy("[deadline\n");
  rules_.Load(/*reload=*/false);
  SetPolicy(kGood);
  rules_.Load(/*reload=*/true);
  EXPECT_EQ(rules_.mistake(), "");
  EXPECT_EQ(rules_.deadline().after, absl::Seconds(60));
}

TEST_F(RulesTest, AReloadAfterTheFileWentLeavesNoDeadline) {
  SetPolicy(kGood);
  rules_.Load(/*reload=*/false);
  kernel.files.erase("/etc/klpx/policy.toml");
  rules_.Load(/*reload=*/true);
  EXPECT_FALSE(rules_.deadline().after.has_value());
}

TEST_F(RulesTest, AReloadBringsTheRulesInTheKernelUpToDate) {
  kernel.files[kAttached] = "klpx\n";
  SetPolicy(kGood);
  rules_.Load(/*reload=*/true);
  EXPECT_THAT(policy.applied, Not(IsEmpty()));
  EXPECT_THAT(JournalKinds(), Contains(Message::kPolicyApplied));
}

TEST_F(RulesTest, AReloadLeavesAPolicyOfAnotherMakeInTheKernel) {
  kernel.files[kAttached] = "my_own\n";
  SetPolicy(kGood);
  rules_.Load(/*reload=*/true);
  EXPECT_THAT(policy.applied, IsEmpty());
}

TEST_F(RulesTest, AReloadAttachesNothingWhereNothingWasAttached) {
  SetPolicy(kGood);
  rules_.Load(/*reload=*/true);
  EXPECT_THAT(policy.applied, IsEmpty());
}

TEST_F(RulesTest, TheStartLeavesTheRulesInTheKernelAsTheyAre) {
  kernel.files[kAttached] = "klpx\n";
  SetPolicy(kGood);
  rules_.Load(/*reload=*/false);
  EXPECT_THAT(policy.applied, IsEmpty());
}

TEST_F(RulesTest, RulesThatTheKernelRefusesAreAMistake) {
  kernel.files[kAttached] = "klpx\n";
  policy.refusal = absl::InternalError("no room");
  SetPolicy(kGood);
  rules_.Load(/*reload=*/true);
  EXPECT_THAT(rules_.mistake(), HasSubstr("no room"));
  EXPECT_THAT(JournalKinds(), ElementsAre(Message::kPolicyRefused));
}

class PolicyJobTest : public JobTest {
 protected:
  PolicyJobTest() { SetPolicy(kGood); }

  PolicyJob job_{kernel, policy};
};

TEST_F(PolicyJobTest, AppliesTheRulesWhenATransitionRuns) {
  Start();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(policy.applied, Not(IsEmpty()));
}

TEST_F(PolicyJobTest, DoesNothingAtRest) {
  Poll();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(policy.applied, IsEmpty());
}

// 'policy unload' by hand is not undone.
TEST_F(PolicyJobTest, AppliesOnceInATransition) {
  Start();
  EXPECT_TRUE(job_.Step(machine).ok());
  policy.applied.clear();
  Pass(absl::Seconds(5));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(policy.applied, IsEmpty());
}

TEST_F(PolicyJobTest, AppliesAgainInTheNextTransition) {
  Start();
  EXPECT_TRUE(job_.Step(machine).ok());
  policy.applied.clear();
  End();
  Pass(absl::Seconds(5));
  kernel.recent.push_back({Now(), 0, kName, false, 0, 10});
  Poll();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(policy.applied, Not(IsEmpty()));
}

TEST_F(PolicyJobTest, LeavesThePolicyThatIsThere) {
  kernel.files[kAttached] = "my_own\n";
  Start();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(policy.applied, IsEmpty());
  EXPECT_THAT(JournalEntries(), IsEmpty());
}

TEST_F(PolicyJobTest, TriesAgainAfterAFailure) {
  policy.refusal = absl::InternalError("no room");
  Start();
  EXPECT_FALSE(job_.Step(machine).ok());
  policy.refusal = absl::OkStatus();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(policy.applied, Not(IsEmpty()));
}

}  // namespace
}  // namespace klpx
