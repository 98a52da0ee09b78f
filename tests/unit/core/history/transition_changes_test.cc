// SPDX-License-Identifier: GPL-2.0
// What happened between two looks at the engine's memory.
#include "controller/core/history/transition_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = TransitionChange::Kind;

RecentTransition Transition(int64_t started_ns, int64_t ended_ns = 0) {
  RecentTransition transition;
  transition.started_ns = started_ns;
  transition.ended_ns = ended_ns;
  transition.patch = "fix";
  return transition;
}

std::vector<Kind> Kinds(const std::vector<RecentTransition>& before,
                        const std::vector<RecentTransition>& now) {
  std::vector<Kind> kinds;
  for (const TransitionChange& change : ChangesBetween(before, now)) {
    kinds.push_back(change.kind);
  }
  return kinds;
}

TEST(TransitionChangesTest, NothingChangesWithoutAChange) {
  EXPECT_THAT(Kinds({}, {}), IsEmpty());
  EXPECT_THAT(Kinds({Transition(1, 2), Transition(3)},
                    {Transition(1, 2), Transition(3)}),
              IsEmpty());
}

TEST(TransitionChangesTest, TellsAStartAndAnEnd) {
  EXPECT_THAT(Kinds({}, {Transition(1)}), ElementsAre(Kind::kStarted));
  EXPECT_THAT(Kinds({Transition(1)}, {Transition(1, 5)}),
              ElementsAre(Kind::kEnded));
}

TEST(TransitionChangesTest, TellsEverythingAboutATransitionThatWasMissed) {
  RecentTransition gone = Transition(1, 9);
  gone.reversals = 1;
  gone.forced = 2;
  EXPECT_THAT(Kinds({}, {gone}), ElementsAre(Kind::kStarted, Kind::kReversed,
                                             Kind::kForced, Kind::kEnded));
}

TEST(TransitionChangesTest, TwoReversalsBetweenLooksAreOneChange) {
  RecentTransition turned = Transition(1);
  turned.reversals = 2;
  EXPECT_THAT(Kinds({Transition(1)}, {turned}), ElementsAre(Kind::kReversed));
}

TEST(TransitionChangesTest, ATransitionThatTheEngineForgetsIsNoChange) {
  EXPECT_THAT(Kinds({Transition(1, 2), Transition(3, 4)}, {Transition(3, 4)}),
              IsEmpty());
}

TEST(TransitionChangesTest, ACorrectedStartIsNoOtherTransition) {
  EXPECT_THAT(Kinds({Transition(5)}, {Transition(3)}), IsEmpty());
  EXPECT_THAT(Kinds({Transition(5)}, {Transition(3, 9)}),
              ElementsAre(Kind::kEnded));
}

TEST(TransitionChangesTest, TheNextOfOnePatchIsAnother) {
  EXPECT_THAT(Kinds({Transition(3)}, {Transition(3, 4), Transition(5)}),
              ElementsAre(Kind::kEnded, Kind::kStarted));
  EXPECT_THAT(Kinds({Transition(3, 4)}, {Transition(3, 4), Transition(5)}),
              ElementsAre(Kind::kStarted));
}

TEST(TransitionChangesTest, TheLastTransitionMayRun) {
  EXPECT_EQ(RunningOf({}), nullptr);
  EXPECT_EQ(RunningOf({Transition(1, 2)}), nullptr);
  const std::vector<RecentTransition> recent = {Transition(1, 2),
                                                Transition(3)};
  ASSERT_NE(RunningOf(recent), nullptr);
  EXPECT_EQ(RunningOf(recent)->started_ns, 3);
}

}  // namespace
}  // namespace klpx
