// SPDX-License-Identifier: GPL-2.0
// What a verb does once the engine has started its transition.
#include "controller/verbs/finish.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "controller/core/base/json.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FinishTest : public testing::Test, protected CommandTest {
 protected:
  FinishTest() {
    context.recorder.path = dir_ + "/history.db";
    context.console.style.json = true;
    kernel.AddMovingPatch(kName, 2);
    kernel.recent = {
        {absl::ToInt64Nanoseconds(kernel.now), 0, kName, true, 0, 10}};
    kernel.transition_time = absl::Seconds(3);
  }
  absl::StatusOr<int> Finish(const std::string& verb = "enable") {
    Warnings warnings(context.console);
    warnings.Add("a warning");
    return FinishTransition(context.supervisor(), context.boot,
                            {verb, kName, /*patching=*/true, options_},
                            warnings);
  }

  void SetDeadline(const std::string& then) {
    kernel.files["/etc/klpx/policy.toml"] =
        "[deadline]\nafter = \"5s\"\nthen = \"" + then +
        "\"\nforce = [\"test_fix\"]\n";
    kernel.transition_time = absl::InfiniteDuration();
  }

  // Kinds of the events of the only transition.
  std::vector<std::string> Events() {
    auto store = HistoryStore::Open(context.recorder.path, Access::kReadOnly);
    if (!store.ok()) return {};
    HistoryFilter filter;
    filter.whole = true;
    std::vector<std::string> kinds;
    const auto records = store->Query(filter);
    EXPECT_TRUE(records.ok() && records->size() == 1);
    if (!records.ok() || records->empty()) return kinds;
    for (const HistoryEvent& event : records->front().events) {
      kinds.push_back(event.kind);
    }
    return kinds;
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  WaitOptions options_;
};

TEST_F(FinishTest, TellsTheResultWithItsWarnings) {
  EXPECT_EQ(Finish().value(), 0);
  const Json json = Json::parse(out.str());
  EXPECT_EQ(json["verb"], "enable");
  EXPECT_EQ(json["patch"], kName);
  EXPECT_EQ(json["result"], "complete");
  EXPECT_EQ(json["tasks"], 10);
  EXPECT_EQ(json["warnings"][0], "a warning");
}

TEST_F(FinishTest, NeedNotWait) {
  options_.no_wait = true;
  EXPECT_EQ(Finish().value(), 0);
  EXPECT_EQ(Json::parse(out.str())["result"], "started");
  EXPECT_EQ(kernel.now, absl::Seconds(100));
}

// For the daemon, which goes by it when nothing waits any longer.
TEST_F(FinishTest, WritesDownThatAForceIsAllowed) {
  options_.no_wait = true;
  options_.may_force = true;
  EXPECT_EQ(Finish().value(), 0);
  EXPECT_THAT(Events(), ElementsAre(kForceAllowed));
}

TEST_F(FinishTest, NothingIsAllowedThatWasNotAskedFor) {
  options_.no_wait = true;
  EXPECT_EQ(Finish().value(), 0);
  EXPECT_THAT(Events(), IsEmpty());
}

TEST_F(FinishTest, TheDeadlineOfThePolicyCounts) {
  SetDeadline("reverse");
  EXPECT_FALSE(Finish().ok());
  EXPECT_THAT(kernel.writes, testing::Contains("test_fix/enabled=0"));
}

TEST_F(FinishTest, AReversalIsNotTurnedRoundAgain) {
  SetDeadline("reverse");
  options_.timeout = absl::Seconds(20);
  EXPECT_EQ(KindOf(Finish("reverse").status()), ErrorKind::kStillRunning);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(FinishTest, ForcesAtTheDeadlineWhereBothAllowIt) {
  SetDeadline("force");
  options_.may_force = true;
  EXPECT_EQ(Finish().value(), 0);
  EXPECT_EQ(kernel.recent.back().forced, 1u);
}

TEST_F(FinishTest, ForcesNothingWithoutTheOperator) {
  SetDeadline("force");
  EXPECT_EQ(KindOf(Finish().status()), ErrorKind::kStillRunning);
  EXPECT_EQ(kernel.recent.back().forced, 0u);
}

}  // namespace
}  // namespace klpx
