// SPDX-License-Identifier: GPL-2.0
// Which forced tasks still matter, and what is said of them.
#include "controller/core/history/force_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/unit/core/history/history_samples.h"

namespace klpx {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// As the kernel has it now: its module is kept because of a force, or is not.
PatchState Loaded(bool pinned) {
  PatchState patch;
  patch.name = "fix";
  patch.registered = true;
  patch.enabled = true;
  patch.forced = pinned;
  return patch;
}

TEST(ForceMarksTest, TellInFromOut) {
  const auto marks =
      ForceMarksOf(Loaded(true), {Forced(2, false, 1), Forced(1, true, 3)});
  ASSERT_THAT(marks, SizeIs(2));
  EXPECT_EQ(marks[0].out_of_it, true);
  EXPECT_EQ(marks[1].out_of_it, false);
  EXPECT_EQ(marks[1].tasks, 3u);
}

TEST(ForceMarksTest, AFullCheckAfterwardsEndsTheInOnes) {
  EXPECT_THAT(
      ForceMarksOf(Loaded(false), {Forced(2, false, 0), Forced(1, true, 3)}),
      IsEmpty());
  EXPECT_THAT(
      ForceMarksOf(Loaded(true), {Forced(2, true, 0), Forced(1, false, 3)}),
      SizeIs(1));
}

// To be enabled anew it had been out, whether or not that is on record.
TEST(ForceMarksTest, ALaterEnableEndsTheInOnes) {
  TransitionRecord again = Forced(2, true, 0);
  again.outcome = Outcome::kRunning;
  EXPECT_THAT(ForceMarksOf(Loaded(false), {again, Forced(1, true, 3)}),
              IsEmpty());
}

// No task is in what the kernel keeps no module for.
TEST(ForceMarksTest, TheOutOnesAreOfTheModuleThatIsKept) {
  EXPECT_THAT(ForceMarksOf(Loaded(false), {Forced(1, false, 2)}), IsEmpty());
  PatchState unused = Loaded(false);
  unused.registered = false;
  unused.refcount = 0;
  EXPECT_THAT(ForceMarksOf(unused, {Forced(1, false, 2)}), IsEmpty());
  unused.refcount = 1;
  EXPECT_THAT(ForceMarksOf(unused, {Forced(1, false, 2)}), SizeIs(1));
}

// Forced into it, then reversed: every task was checked on its way back.
TEST(ForceMarksTest, AReversalEndsTheInOnes) {
  TransitionRecord record = Forced(1, true, 1);
  record.reversals = 1;
  record.outcome = Outcome::kReversed;
  record.forces = {{{}, /*done=*/true, 5, /*into=*/true}};
  EXPECT_THAT(ForceMarksOf(Loaded(false), {record}), IsEmpty());
  EXPECT_THAT(ForceMarksOf(Loaded(true), {record}), IsEmpty());
  record.outcome = Outcome::kRunning;
  const auto marks = ForceMarksOf(Loaded(false), {record});
  ASSERT_THAT(marks, SizeIs(1));
  EXPECT_EQ(marks[0].out_of_it, false);
}

TEST(ForceMarksTest, WhichWayIsNotGuessed) {
  TransitionRecord record = Forced(1, true, 1);
  record.reversals = 1;
  record.outcome = Outcome::kReversed;
  EXPECT_THAT(ForceMarksOf(Loaded(false), {record}), IsEmpty());
  const auto marks = ForceMarksOf(Loaded(true), {record});
  ASSERT_THAT(marks, SizeIs(1));
  EXPECT_EQ(marks[0].out_of_it, std::nullopt);
}

TEST(ForceMarksTest, AReplacedPatchWasForcedOut) {
  TransitionRecord record = Forced(1, true, 2);
  record.replaces = {"old"};
  PatchState old = Loaded(true);
  old.name = "old";
  const auto marks = ForceMarksOf(old, {record});
  ASSERT_THAT(marks, SizeIs(1));
  EXPECT_EQ(marks[0].out_of_it, true);
}

TEST(ForceNotesTest, SayWhatItMeansEvenWithoutAHistory) {
  PatchState patch;
  patch.name = "fix";
  EXPECT_THAT(ForceNotes(patch), IsEmpty());
  patch.forced = true;
  EXPECT_THAT(ForceNotes(patch),
              ElementsAre(HasSubstr("its module stays until reboot")));
  patch.forces = {{7, true, 1}};
  EXPECT_THAT(ForceNotes(patch), ElementsAre(HasSubstr("explain 7")));
}

TEST(ForceMarksTest, NoForceLeavesNoMark) {
  EXPECT_THAT(ForceMarksOf(Loaded(true), {}), IsEmpty());
  EXPECT_THAT(ForceMarksOf(Loaded(true), {Forced(1, true, 0)}), IsEmpty());
}

TEST(ForceMarksTest, AnothersForcesAreNotOurs) {
  TransitionRecord record = Forced(1, true, 2);
  record.patch = "other";
  EXPECT_THAT(ForceMarksOf(Loaded(true), {record}), IsEmpty());
  record.replaces = {"another"};
  EXPECT_THAT(ForceMarksOf(Loaded(true), {record}), IsEmpty());
}

// What the kernel does not say may be so.
TEST(ForceMarksTest, WithoutAWordOfTheKernelTheOutOnesCount) {
  PatchState patch = Loaded(false);
  patch.forced.reset();
  EXPECT_THAT(ForceMarksOf(patch, {Forced(1, false, 2)}), SizeIs(1));
  patch.registered = false;
  EXPECT_THAT(ForceMarksOf(patch, {Forced(1, false, 2)}), SizeIs(1));
}

TEST(ForceMarksTest, AReplacementThatIsGoneForcedNothingOut) {
  TransitionRecord record = Forced(1, true, 2);
  record.replaces = {"old"};
  PatchState old = Loaded(false);
  old.name = "old";
  EXPECT_THAT(ForceMarksOf(old, {record}), IsEmpty());
}

TEST(ForceNotesTest, EachTransitionHasItsNumbers) {
  PatchState patch;
  patch.name = "fix";
  patch.forces = {{7, false, 12}, {8, std::nullopt, 3}};
  EXPECT_THAT(ForceNotes(patch),
              ElementsAre(AllOf(HasSubstr("12 tasks"), HasSubstr("explain 7")),
                          AllOf(HasSubstr("3 tasks"), HasSubstr("explain 8"))));
}

TEST(ForceNotesTest, TheKernelsFlagIsToldOnce) {
  PatchState patch;
  patch.name = "fix";
  patch.forced = true;
  patch.forces = {{7, true, 1}};
  EXPECT_THAT(ForceNotes(patch), SizeIs(1));
  // Forced into it says nothing of a module that is kept.
  patch.forces = {{7, false, 1}};
  EXPECT_THAT(ForceNotes(patch), SizeIs(2));
}

TEST(ForceNotesTest, TheTextNamesThePatchOfEachLine) {
  PatchState first;
  first.name = "first";
  first.forces = {{7, true, 1}};
  PatchState second = first;
  second.name = "\033[2Jsecond";
  PatchState clean;
  clean.name = "clean";
  const std::string text = ForceNotesText({first, clean, second});
  EXPECT_THAT(text, HasSubstr("first: "));
  EXPECT_THAT(text, HasSubstr("second: "));
  EXPECT_THAT(text, Not(HasSubstr("clean")));
  EXPECT_THAT(text, Not(HasSubstr("\033")));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_EQ(ForceNotesText({clean}), "");
}

}  // namespace
}  // namespace klpx
