// SPDX-License-Identifier: GPL-2.0
// What the rules of a policy go by, of one task, and what they will do to it.
#include "controller/ops/policy/rule_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/ops/policy/policy_rules.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::UnorderedElementsAre;

constexpr char kAttached[] = "/sys/module/klpx/stats/policy";
constexpr char kLeave[] =
    "[[rule]]\nname = \"db\"\ncomm = [\"mysqld\"]\ndo = \"leave\"\n";

class RuleFactsTest : public testing::Test, protected CommandTest {
 protected:
  RuleFactsTest() {
    kernel.files["/proc/42/task/42/stat"] =
        "42 (cat) S 1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456 0\n";
    kernel.files["/proc/42/status"] = "Uid:\t1000\t0\t0\t0\n";
  }

  uint32_t Uid(uint64_t start_ns) {
    klpx_task_key key = {};
    key.tid = 42;
    key.start_ns = start_ns;
    return RealUidOf(kernel, key);
  }
};

TEST_F(RuleFactsTest, TheUidIsTheRealOne) {
  EXPECT_EQ(Uid(1234560000000), 1000u);
}

TEST_F(RuleFactsTest, ALaterTaskOfTheSameNumberHasNoSay) {
  EXPECT_EQ(Uid(1), 0u);
}

TEST_F(RuleFactsTest, OfATaskThatHasGoneTheUidIsZero) {
  kernel.files.erase("/proc/42/status");
  EXPECT_EQ(Uid(1234560000000), 0u);
}

TEST_F(RuleFactsTest, ATextThatIsNoStatusIsZero) {
  kernel.files["/proc/42/status"] = "Uid:\tx\n";
  EXPECT_EQ(Uid(1234560000000), 0u);
}

// Which asks for each of them by its path.
class AskedPolicy final : public PolicyAccess {
 public:
  CgroupIds FindCgroups(const std::vector<std::string>& paths) override {
    asked = paths;
    CgroupIds ids;
    for (const std::string& path : paths) ids[path] = path.size();
    return ids;
  }
  absl::Status Apply(const std::vector<klpx_rule>&) override { return {}; }
  absl::StatusOr<std::vector<klpx_rule>> ReadRows() override {
    return std::vector<klpx_rule>();
  }
  absl::Status AttachObject(const std::string&) override { return {}; }
  absl::StatusOr<bool> Detach() override { return false; }

  std::vector<std::string> asked;
};

TEST_F(RuleFactsTest, ACgroupIsInAllThoseAboveIt) {
  AskedPolicy asked;
  EXPECT_THAT(CgroupIdsOf(asked, "/a/bc"), UnorderedElementsAre(1, 2, 5));
  EXPECT_THAT(asked.asked, UnorderedElementsAre("/", "/a", "/a/bc"));
}

TEST_F(RuleFactsTest, ATaskWithoutAPathIsInTheRoot) {
  AskedPolicy asked;
  for (const char* path : {"", "/", "(unreachable)", "relative/path"}) {
    CgroupIdsOf(asked, path);
    EXPECT_THAT(asked.asked, UnorderedElementsAre("/")) << path;
  }
}

class FollowPolicyTest : public testing::Test, protected CommandTest {
 protected:
  FollowPolicyTest() {
    file_.module = kName;
    file_.engine = Engine::kKlpx;
    TaskInTheWay entry;
    entry.task.tid = 42;
    entry.task.comm = "mysqld";
    entry.obstacle = Obstacle::kSignal;
    forecast_.in_the_way = {entry};
    forecast_.outlook = Outlook::kSignal;
  }

  void SetPolicy(const std::string& text) { kernel.files[kPolicyFile] = text; }
  Forecast& Follow() {
    FollowPolicyThatCounts(kernel, policy, file_, forecast_);
    return forecast_;
  }

  PatchFile file_;
  Forecast forecast_;
};

TEST_F(FollowPolicyTest, WithoutAPolicyATaskIsSignalledAfterFifteenSeconds) {
  EXPECT_EQ(Follow().in_the_way[0].obstacle, Obstacle::kSignal);
  EXPECT_EQ(forecast_.signals_from, absl::Seconds(15));
  EXPECT_EQ(forecast_.decided_by, "");
}

TEST_F(FollowPolicyTest, TheFileCountsThatAnEnableWillAttach) {
  SetPolicy(kLeave);
  EXPECT_EQ(Follow().in_the_way[0].obstacle, Obstacle::kLeftAlone);
  EXPECT_THAT(forecast_.in_the_way[0].rule, testing::HasSubstr("db"));
  EXPECT_EQ(forecast_.outlook, Outlook::kNever);
}

TEST_F(FollowPolicyTest, ARuleOfAnotherTaskDoesNotCount) {
  SetPolicy(kLeave);
  forecast_.in_the_way[0].task.comm = "postgres";
  EXPECT_EQ(Follow().in_the_way[0].obstacle, Obstacle::kSignal);
}

TEST_F(FollowPolicyTest, AFileWithAMistakeIsAsNone) {
  SetPolicy("[[rule\n");
  EXPECT_EQ(Follow().signals_from, absl::Seconds(15));
}

// The file was changed, and not applied since.
TEST_F(FollowPolicyTest, TheRulesInTheKernelCountOnceTheyAreThere) {
  SetPolicy(kLeave);
  ASSERT_TRUE(ApplyPolicy(kernel, policy, "").ok());
  kernel.files[kAttached] = "klpx\n";
  SetPolicy("");
  EXPECT_EQ(Follow().in_the_way[0].obstacle, Obstacle::kLeftAlone);
}

TEST_F(FollowPolicyTest, APolicyOfAUsersProgramCannotBeAsked) {
  SetPolicy(kLeave);
  kernel.files[kAttached] = "my_own\n";
  EXPECT_EQ(Follow().decided_by, "my_own");
}

TEST_F(FollowPolicyTest, RulesThatCannotBeReadAreNotGuessed) {
  kernel.files[kAttached] = "klpx\n";
  EXPECT_EQ(Follow().decided_by, "klpx");
}

TEST_F(FollowPolicyTest, TheKernelsOwnEngineFollowsNone) {
  SetPolicy(kLeave);
  file_.engine = Engine::kKernel;
  EXPECT_EQ(Follow().in_the_way[0].obstacle, Obstacle::kSignal);
}

}  // namespace
}  // namespace klpx
