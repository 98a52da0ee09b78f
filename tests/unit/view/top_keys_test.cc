// SPDX-License-Identifier: GPL-2.0
// The effect of keys on the state, and the requests that they result in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class TopKeysTest : public testing::Test {
 protected:
  TopKeysTest() {
    Show(top, MakeSample({MakeTask(11, "sshd"), MakeTask(12, "cron")}));
  }
  Request Code(KeyCode code) { return Press(top, {code}); }
  std::string LastEvent() { return top.events.back().text; }
  // As if the worker had answered what force would cost.
  void ShowPrice() {
    Take(top, {top.question, true, "Forcing switches tasks\n"});
  }

  TopState top;
};

TEST_F(TopKeysTest, QuitsFromTheListAndLeavesPages) {
  Type(top, "?");
  EXPECT_EQ(top.page, Page::kHelp);
  EXPECT_EQ(Type(top, "q").kind, RequestKind::kNothing);
  EXPECT_EQ(top.page, Page::kList);
  EXPECT_EQ(Type(top, "q").kind, RequestKind::kQuit);
}

TEST_F(TopKeysTest, MovesLikeViAndWithArrows) {
  Type(top, "j");
  EXPECT_EQ(top.list.selected(), 1u);
  Type(top, "k");
  EXPECT_EQ(top.list.selected(), 0u);
  Code(KeyCode::kDown);
  Code(KeyCode::kHome);
  EXPECT_EQ(top.list.selected(), 0u);
  Code(KeyCode::kEnd);
  EXPECT_EQ(top.list.selected(), 1u);
}

TEST_F(TopKeysTest, EnterShowsATaskWhoseStackIsThenWanted) {
  EXPECT_FALSE(WantedTask(top));
  Code(KeyCode::kEnter);
  EXPECT_EQ(top.page, Page::kTask);
  EXPECT_EQ(WantedTask(top)->tid, 11u);
  Show(top, MakeSample({MakeTask(12, "cron")}));
  EXPECT_TRUE(top.task_gone);
  EXPECT_FALSE(WantedTask(top));
  Code(KeyCode::kEscape);
  EXPECT_EQ(top.page, Page::kList);
}

TEST_F(TopKeysTest, FiltersWhileItIsTyped) {
  Type(top, "/CR");
  EXPECT_EQ(top.list.matching(), 1u);
  Code(KeyCode::kBackspace);
  Code(KeyCode::kBackspace);
  Code(KeyCode::kBackspace);
  EXPECT_EQ(top.list.matching(), 2u);
  Type(top, "q");  // a letter of the filter, not a key
  EXPECT_EQ(top.list.matching(), 0u);
  Code(KeyCode::kEscape);
  EXPECT_EQ(top.list.matching(), 2u);
  Type(top, "fcron");
  Code(KeyCode::kEnter);
  EXPECT_EQ(top.list.filter(), "cron");
  EXPECT_EQ(top.prompt, Prompt::kNone);
}

TEST_F(TopKeysTest, SortsGroupsAndInverts) {
  Type(top, "s");
  EXPECT_EQ(top.list.order(), Order::kTid);
  Type(top, "i");
  EXPECT_TRUE(top.list.inverted());
  Type(top, "g");
  EXPECT_EQ(top.list.grouping(), Grouping::kFunction);
  EXPECT_EQ(top.list.lines().size(), 1u);
  Code(KeyCode::kEnter);
  EXPECT_EQ(top.list.lines().size(), 3u);
  Type(top, "z");
  EXPECT_EQ(top.list.lines().size(), 1u);
}

TEST_F(TopKeysTest, PauseHoldsTheScreen) {
  Type(top, " ");
  Show(top, MakeSample());
  EXPECT_EQ(top.sample->blockers.size(), 2u);
  Type(top, " ");
  Show(top, MakeSample());
  EXPECT_EQ(top.sample->blockers.size(), 0u);
}

TEST_F(TopKeysTest, PaceHasLimits) {
  for (int i = 0; i < 20; i++) Type(top, "+");
  EXPECT_EQ(top.interval, kShortestInterval);
  for (int i = 0; i < 20; i++) Type(top, "-");
  EXPECT_EQ(top.interval, kLongestInterval);
}

TEST_F(TopKeysTest, SignalsTheSelectedTask) {
  Type(top, "j");
  const Request request = Type(top, "x");
  EXPECT_EQ(request.kind, RequestKind::kSignal);
  EXPECT_EQ(request.patch, "fix_poll");
  EXPECT_EQ(request.task, 12u);
}

TEST_F(TopKeysTest, SignalsAllAndReversesOnlyAfterAYes) {
  EXPECT_EQ(Type(top, "X").kind, RequestKind::kNothing);
  EXPECT_EQ(Type(top, "n").kind, RequestKind::kNothing);
  EXPECT_EQ(Type(top, "R").kind, RequestKind::kNothing);
  EXPECT_EQ(Code(KeyCode::kEnter).kind, RequestKind::kNothing);
  EXPECT_EQ(top.prompt, Prompt::kNone);
  Type(top, "X");
  const Request all = Type(top, "y");
  EXPECT_EQ(all.kind, RequestKind::kSignal);
  EXPECT_FALSE(all.task);
  Type(top, "R");
  const Request back = Type(top, "y");
  EXPECT_EQ(back.kind, RequestKind::kReverse);
  EXPECT_TRUE(back.patching);
}

TEST_F(TopKeysTest, ForcesOnlyAfterThePriceAndTheWord) {
  const Request price = Type(top, "F");
  EXPECT_EQ(price.kind, RequestKind::kPriceOfForce);
  EXPECT_FALSE(price.task);
  // Before the price is on the screen no input is accepted.
  Type(top, "force");
  EXPECT_EQ(Code(KeyCode::kEnter).kind, RequestKind::kNothing);
  EXPECT_EQ(top.typed, "");
  ShowPrice();
  Type(top, "force");
  const Request request = Code(KeyCode::kEnter);
  EXPECT_EQ(request.kind, RequestKind::kForce);
  EXPECT_EQ(request.patch, "fix_poll");
  EXPECT_EQ(top.prompt, Prompt::kNone);
}

TEST_F(TopKeysTest, AnyOtherWordForcesNothing) {
  for (const char* word : {"", "yes", "forc", "Force", "force ", "force all"}) {
    Type(top, "K");
    EXPECT_EQ(top.question.task, 11u);
    ShowPrice();
    Type(top, word);
    EXPECT_EQ(Code(KeyCode::kEnter).kind, RequestKind::kNothing) << word;
    EXPECT_THAT(LastEvent(), HasSubstr("nothing has been forced"));
  }
  Type(top, "F");
  ShowPrice();
  EXPECT_EQ(Code(KeyCode::kEscape).kind, RequestKind::kNothing);
  EXPECT_EQ(top.prompt, Prompt::kNone);
}

TEST_F(TopKeysTest, AQuestionIsDroppedWhenTheTransitionIsAnother) {
  for (const char* key : {"F", "R", "X"}) {
    Show(top, MakeSample({MakeTask(11, "sshd")}));
    Type(top, key);
    ShowPrice();
    Sample turned = MakeSample({MakeTask(11, "sshd")});
    turned.patches[0].enabled = false;
    Show(top, turned);
    EXPECT_EQ(top.prompt, Prompt::kNone) << key;
    EXPECT_THAT(LastEvent(), HasSubstr("nothing was done"));
    // Further characters are keys again, not an answer.
    EXPECT_EQ(Type(top, "y").kind, RequestKind::kNothing);
  }
}

TEST_F(TopKeysTest, WithoutATransitionThereIsNothingToActOn) {
  Show(top, Sample());
  for (const char* key : {"x", "X", "R", "K", "F"}) {
    EXPECT_EQ(Type(top, key).kind, RequestKind::kNothing) << key;
    EXPECT_EQ(top.prompt, Prompt::kNone) << key;
    EXPECT_THAT(LastEvent(), HasSubstr("no patch is in transition"));
  }
}

TEST_F(TopKeysTest, IdleTasksAndGroupsCannotBeSignalledOrForced) {
  Blocker idle = MakeTask(0, "swapper/1", "", KLPX_IDLE);
  idle.info.key.idle_cpu = 1;
  Show(top, MakeSample({idle}));
  EXPECT_EQ(Type(top, "x").kind, RequestKind::kNothing);
  EXPECT_THAT(LastEvent(), HasSubstr("idle task"));
  Type(top, "g");
  EXPECT_EQ(Type(top, "x").kind, RequestKind::kNothing);
  EXPECT_THAT(LastEvent(), HasSubstr("no task is selected"));
}

// The effects of a signal must not be shown before the signal, and the advice
// on what to type next is of use on a command line only.
TEST_F(TopKeysTest, AnEventHasTheTimeOfItsRequest) {
  const int64_t now = top.sample->host.monotonic_ns;
  AddEvent(top, {now, "patching complete", Style::kPlain});
  Take(top, {{RequestKind::kSignal, "fix_poll", {}, true},
             true,
             "fix: fake signal sent to 3 tasks; 'klp-controller blocking fix' "
             "shows which are left\n",
             now - 1000});
  EXPECT_EQ(LastEvent(), "patching complete");
  EXPECT_EQ(top.events[top.events.size() - 2].text,
            "fix: fake signal sent to 3 tasks");
}

TEST_F(TopKeysTest, TheOutputOfAVerbBecomesAnEvent) {
  Take(top,
       {{RequestKind::kSignal, "fix_poll", 11, true}, true, "signal sent\n"});
  EXPECT_EQ(LastEvent(), "signal sent");
  Type(top, "F");
  Take(
      top,
      {{RequestKind::kPriceOfForce, "fix_poll", {}, true}, false, "no root\n"});
  EXPECT_EQ(top.prompt, Prompt::kNone);
  EXPECT_EQ(LastEvent(), "no root");
}

TEST_F(TopKeysTest, KeysBeforeTheFirstSampleDoNoHarm) {
  TopState fresh;
  for (int c = 1; c < 127; c++) {
    if (c != 'q') Press(fresh, {KeyCode::kCharacter, static_cast<char>(c)});
  }
  for (int code = 0; code <= static_cast<int>(KeyCode::kBackspace); code++) {
    Press(fresh, {static_cast<KeyCode>(code)});
  }
}

TEST_F(TopKeysTest, AReplayIsScrubbedAndNotActedOn) {
  TransitionRecord record;
  record.patch = "fix_poll";
  record.started_ns = kStartNs;
  record.ended_ns = kStartNs + 20 * kSecondNs;
  StartReplay(top, Replay({}, record));
  Code(KeyCode::kRight);
  EXPECT_EQ(top.replay->position(), absl::Seconds(1));
  Type(top, "5");
  EXPECT_EQ(top.replay->position(), absl::Seconds(10));
  Code(KeyCode::kLeft);
  EXPECT_EQ(top.replay->position(), absl::Seconds(9));
  Type(top, "+");
  EXPECT_DOUBLE_EQ(top.replay->speed(), 2);
  Type(top, " ");
  EXPECT_FALSE(top.replay->playing());
  Advance(top, absl::Seconds(5));
  EXPECT_EQ(top.replay->position(), absl::Seconds(9));
  for (const char* key : {"x", "X", "R", "K", "F"}) {
    EXPECT_EQ(Type(top, key).kind, RequestKind::kNothing);
    EXPECT_EQ(top.prompt, Prompt::kNone);
    EXPECT_THAT(LastEvent(), HasSubstr("this is a replay"));
  }
}

}  // namespace
}  // namespace klpx
