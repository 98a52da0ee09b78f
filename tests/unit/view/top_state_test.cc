// SPDX-License-Identifier: GPL-2.0
// What a sample, a verb and time make of the state of top.
#include "controller/view/top_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> Texts(const TopState& top) {
  std::vector<std::string> texts;
  for (const TopEvent& event : top.events) texts.push_back(event.text);
  return texts;
}

Sample Later(Sample sample, int64_t seconds) {
  sample.host.monotonic_ns += seconds * kSecondNs;
  return sample;
}

TEST(TopStateTest, WhatWasThereBeforeTheFirstSampleIsNoEvent) {
  TopState top;
  Show(top, MakeSample({MakeTask(1, "a")}));
  EXPECT_THAT(top.events, IsEmpty());
  Show(top, Later(MakeSample({MakeTask(1, "a"), MakeTask(2, "b")}), 1));
  EXPECT_THAT(top.events, SizeIs(1));
}

TEST(TopStateTest, EventsAreInTheOrderOfTimeThenOfArrival) {
  TopState top;
  AddEvent(top, {20, "b", Style::kPlain});
  AddEvent(top, {10, "a", Style::kPlain});
  AddEvent(top, {20, "c", Style::kPlain});
  EXPECT_THAT(Texts(top), ElementsAre("a", "b", "c"));
}

TEST(TopStateTest, TheOldestEventsGo) {
  TopState top;
  for (int i = 0; i < 600; i++) {
    AddEvent(top, {i, std::to_string(i), Style::kPlain});
  }
  EXPECT_THAT(top.events, SizeIs(500));
  EXPECT_EQ(top.events.front().text, "100");
  EXPECT_EQ(top.events.back().text, "599");
}

TEST(TopStateTest, NowIsTheLastSampleOrTheLastEvent) {
  TopState top;
  EXPECT_EQ(NowNs(top), 0);
  Show(top, MakeSample());
  const int64_t sampled = top.sample->host.monotonic_ns;
  EXPECT_EQ(NowNs(top), sampled);
  AddEvent(top, {sampled - 1, "before", Style::kPlain});
  EXPECT_EQ(NowNs(top), sampled);
  AddEvent(top, {sampled + 1, "after", Style::kPlain});
  EXPECT_EQ(NowNs(top), sampled + 1);
}

TEST(TopStateTest, WhilePausedNothingIsTaken) {
  TopState top;
  Show(top, MakeSample());
  const auto before = top.sample;
  top.paused = true;
  Show(top, Later(MakeSample({MakeTask(1, "a")}), 1));
  EXPECT_EQ(top.sample, before);
  EXPECT_THAT(top.events, IsEmpty());
}

ActionResult Said(const std::string& text, bool ok = true) {
  ActionResult result;
  result.request.kind = RequestKind::kSignal;
  result.text = text;
  result.ok = ok;
  return result;
}

TEST(TopStateTest, OfWhatAVerbSaysTheFirstLinesAreEvents) {
  TopState top;
  Take(top, Said("1\n\n2\n3\n4\n5\n6\n7\n"));
  EXPECT_THAT(Texts(top), ElementsAre("1", "2", "3", "4", "5", "6"));
}

TEST(TopStateTest, WhatToTypeNextIsForACommandLineUnlessItFailed) {
  TopState top;
  Take(top, Said("done; 'klp-controller status' shows it"));
  EXPECT_THAT(Texts(top), ElementsAre("done"));
  EXPECT_EQ(top.events[0].style, Style::kTitle);
  top.events.clear();
  Take(top, Said("no; 'klp-controller status' shows it", /*ok=*/false));
  EXPECT_THAT(Texts(top), ElementsAre(HasSubstr("klp-controller status")));
  EXPECT_EQ(top.events[0].style, Style::kBad);
}

TEST(TopStateTest, AnAnswerHasTheTimeWhenItWasDone) {
  TopState top;
  Show(top, MakeSample());
  ActionResult result = Said("done");
  Take(top, result);
  EXPECT_EQ(top.events[0].time_ns, top.sample->host.monotonic_ns);
  result.time_ns = 7;
  Take(top, result);
  EXPECT_EQ(top.events[0].time_ns, 7);
}

TEST(TopStateTest, APriceIsTakenWhileItIsAskedFor) {
  TopState top;
  Show(top, MakeSample());
  ActionResult price = Said("dear");
  price.request.kind = RequestKind::kPriceOfForce;
  Take(top, price);
  EXPECT_EQ(top.price, std::nullopt) << "nothing was asked";
  top.prompt = Prompt::kForceWord;
  Take(top, price);
  EXPECT_EQ(top.price, "dear");
  EXPECT_THAT(top.events, IsEmpty());
}

TEST(TopStateTest, WithoutAPriceThereIsNoForce) {
  TopState top;
  top.prompt = Prompt::kForceWord;
  ActionResult price = Said("not to be had", /*ok=*/false);
  price.request.kind = RequestKind::kPriceOfForce;
  Take(top, price);
  EXPECT_EQ(top.prompt, Prompt::kNone);
  EXPECT_THAT(Texts(top), ElementsAre("not to be had"));
}

// All are asked for, then one: the price of all comes late.
TEST(TopStateTest, ThePriceOfAnotherQuestionIsNotShown) {
  TopState top;
  Show(top, MakeSample({MakeTask(42, "cat")}));
  Type(top, "F");
  const Request all = top.question;
  Press(top, {KeyCode::kEscape});
  Type(top, "K");
  ASSERT_EQ(top.question.task, 42u);
  Take(top, {all, /*ok=*/true, "of all"});
  EXPECT_EQ(top.price, std::nullopt);
  Take(top, {top.question, /*ok=*/true, "of one"});
  EXPECT_EQ(top.price, "of one");
}

TEST(TopStateTest, APriceThatIsNotToBeHadClosesNoOtherPrompt) {
  TopState top;
  Show(top, MakeSample({MakeTask(42, "cat")}));
  const Request all = Type(top, "F");
  Press(top, {KeyCode::kEscape});
  Type(top, "f");
  ASSERT_EQ(top.prompt, Prompt::kFilter);
  Take(top, {all, /*ok=*/false, "not to be had"});
  EXPECT_EQ(top.prompt, Prompt::kFilter);
}

// 'force' would end something else.
TEST(TopStateTest, AQuestionIsDroppedWhenItsTransitionIsNotAsItWas) {
  for (int change = 0; change < 4; change++) {
    TopState top;
    Show(top, MakeSample());
    top.prompt = Prompt::kForceWord;
    top.price = "dear";
    top.question.patch = "fix_poll";
    top.question.patching = true;
    Sample sample = Later(MakeSample(), 1);
    if (change == 1) sample.patches[0].enabled = false;
    if (change == 2) sample.patches[0].transition = false;
    if (change == 3) sample.patches[0].name = "other";
    Show(top, sample);
    EXPECT_EQ(top.prompt, change == 0 ? Prompt::kForceWord : Prompt::kNone)
        << change;
    EXPECT_EQ(top.price.has_value(), change == 0) << change;
  }
}

TEST(TopStateTest, AStackIsWantedOfATaskThatIsThereAndShown) {
  TopState top;
  EXPECT_EQ(WantedTask(top), std::nullopt);
  Show(top, MakeSample({MakeTask(42, "cat")}));
  top.task = top.sample->blockers[0];
  EXPECT_EQ(WantedTask(top), std::nullopt) << "the list is shown";
  top.page = Page::kTask;
  ASSERT_TRUE(WantedTask(top).has_value());
  EXPECT_EQ(WantedTask(top)->tid, 42u);
  Show(top, Later(MakeSample(), 1));
  EXPECT_TRUE(top.task_gone);
  EXPECT_EQ(WantedTask(top), std::nullopt);
  Show(top, Later(MakeSample({MakeTask(42, "cat")}), 2));
  EXPECT_FALSE(top.task_gone) << "it is in the way again";
}

TEST(TopStateTest, ATaskIsShownAsItIsNow) {
  TopState top;
  Show(top, MakeSample({MakeTask(42, "cat", "do_open")}));
  top.task = top.sample->blockers[0];
  top.page = Page::kTask;
  Show(top, Later(MakeSample({MakeTask(42, "cat", "do_read")}), 1));
  EXPECT_STREQ(top.task->info.function, "do_read");
}

TransitionRecord Record() {
  TransitionRecord record;
  record.id = 7;
  record.patch = "fix_poll";
  record.begun_ns = kStartNs;
  record.started_ns = kStartNs;
  record.ended_ns = kStartNs + 20 * kSecondNs;
  record.events = {{kStartNs + 10 * kSecondNs, "reverse", "", "root"}};
  return record;
}

TEST(TopStateTest, AReplayShowsThePastAndTakesNoSample) {
  TopState top;
  Show(top, MakeSample({MakeTask(1, "a")}));
  StartReplay(top, Replay({}, Record()));
  const auto before = top.sample;
  EXPECT_TRUE(before->recorded);
  EXPECT_THAT(before->blockers, IsEmpty());
  Show(top, Later(MakeSample({MakeTask(1, "a")}), 1));
  EXPECT_EQ(top.sample, before);
}

TEST(TopStateTest, TimeMovesTheClockOfAReplayOnly) {
  TopState top;
  Advance(top, absl::Seconds(5));
  EXPECT_EQ(top.sample, nullptr);
  StartReplay(top, Replay({}, Record()));
  const size_t events = top.events.size();
  Advance(top, absl::Seconds(15));
  EXPECT_EQ(top.replay->position(), absl::Seconds(15));
  EXPECT_GT(top.events.size(), events) << "the reversal";
}

}  // namespace
}  // namespace klpx
