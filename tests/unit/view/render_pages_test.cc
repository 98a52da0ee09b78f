// SPDX-License-Identifier: GPL-2.0
// What covers the list, and what is shown when nothing is in transition.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "controller/view/render.h"
#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string TextOf(const std::vector<ScreenLine>& lines) {
  std::string text;
  for (const ScreenLine& line : lines) text += line.text + "\n";
  return text;
}

// The page of help and docs/TOP.md name the same keys.
TEST(HelpTest, EveryKeyIsInTheDocumentation) {
  std::ifstream file(TEST_TOP_PAGE);
  std::stringstream page;
  page << file.rdbuf();
  const std::vector<ScreenLine> help = HelpPage();
  size_t keys = 0;
  for (const ScreenLine& line : help) {
    if (line.text.substr(0, 2) != "  ") continue;
    EXPECT_THAT(page.str(), HasSubstr(line.text));
    keys++;
  }
  EXPECT_GT(keys, 10u);
}

TEST(HelpTest, FitsIntoEightyColumns) {
  for (const ScreenLine& line : HelpPage()) EXPECT_LE(line.text.size(), 80u);
  EXPECT_LE(HelpPage().size(), 20u);
}

// The page of the task 42.
TopState OnTask(Sample sample = MakeSample({MakeTask(42, "cat")})) {
  TopState top;
  Show(top, sample);
  top.page = Page::kTask;
  top.task = sample.blockers.front();
  return top;
}

TEST(TaskPageTest, WithoutATaskItIsEmpty) {
  EXPECT_THAT(TaskPage(TopState()), IsEmpty());
}

TEST(TaskPageTest, SaysWhichTaskWhyAndForHowLong) {
  const std::string text = TextOf(TaskPage(OnTask()));
  EXPECT_THAT(text, HasSubstr("task 42 cat"));
  EXPECT_THAT(text, HasSubstr("on-function"));
  EXPECT_THAT(text, HasSubstr("do_poll"));
  EXPECT_THAT(text, HasSubstr("11s"));
  EXPECT_THAT(text, HasSubstr("/system.slice/a.service"));
}

TEST(TaskPageTest, ADetailOfAnotherTaskIsNotShown) {
  TopState top = OnTask();
  const std::string waiting = TextOf(TaskPage(top));
  TaskDetail detail;
  detail.key = {43, -1, 43000};
  detail.stack = {"do_other+0x1"};
  detail.cmdline = "other";
  Take(top, detail);
  EXPECT_EQ(TextOf(TaskPage(top)), waiting);
  detail.key = top.task->info.key;
  Take(top, detail);
  EXPECT_THAT(TextOf(TaskPage(top)), HasSubstr("  do_other+0x1\n"));
  EXPECT_THAT(TextOf(TaskPage(top)), HasSubstr("other\n"));
}

TEST(TaskPageTest, SaysWhyThereIsNoStack) {
  TopState top = OnTask();
  TaskDetail detail;
  detail.key = top.task->info.key;
  detail.missing = "needs root";
  Take(top, detail);
  EXPECT_THAT(TextOf(TaskPage(top)), HasSubstr("needs root"));
}

TEST(TaskPageTest, WhatWasSeenLastStaysWhenTheTaskHasGone) {
  TopState top = OnTask();
  Show(top, MakeSample());
  EXPECT_THAT(TextOf(TaskPage(top)), HasSubstr("task 42 cat"));
  EXPECT_THAT(TextOf(TaskPage(top)), HasSubstr("GONE"));
}

TEST(TaskPageTest, IdleTasksAndKernelThreadsAreCalledSo) {
  Blocker idle = MakeTask(0, "swapper/3", "", KLPX_IDLE);
  idle.info.key.idle_cpu = 3;
  EXPECT_THAT(TextOf(TaskPage(OnTask(MakeSample({idle})))),
              HasSubstr("idle task of CPU 3"));
  Blocker thread = MakeTask(9, "kworker");
  thread.info.kthread = true;
  EXPECT_THAT(TextOf(TaskPage(OnTask(MakeSample({thread})))),
              HasSubstr("kernel thread"));
}

// A record has neither.
TEST(TaskPageTest, StateAndCpuOfThePastAreNotShown) {
  Sample sample = MakeSample({MakeTask(42, "cat")});
  EXPECT_THAT(TextOf(TaskPage(OnTask(sample))), HasSubstr("CPU 0"));
  sample.recorded = true;
  EXPECT_THAT(TextOf(TaskPage(OnTask(sample))), Not(HasSubstr("CPU")));
}

TEST(EventsPageTest, HasTheNewestWithTheirWallClockTime) {
  TopState top;
  Show(top, MakeSample());
  AddEvent(top, {kStartNs, "first", Style::kPlain});
  AddEvent(top, {kStartNs + 12 * kSecondNs, "second", Style::kPlain});
  AddEvent(top,
           {kStartNs + 12 * kSecondNs + kSecondNs / 2, "third", Style::kBad});
  const auto lines = EventsPage(top, 2);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[0].text, "12:00:00.00  second");
  EXPECT_EQ(lines[1].text, "12:00:00.50  third");
  EXPECT_EQ(lines[1].style, Style::kBad);
  EXPECT_THAT(EventsPage(top, 500), SizeIs(3));
}

TEST(EventsPageTest, OfNothingIsALineOrNone) {
  TopState top;
  EXPECT_THAT(EventsPage(top, 5), IsEmpty());
  Show(top, MakeSample());
  EXPECT_THAT(EventsPage(top, 5), SizeIs(1));
}

TEST(EventsPageTest, AnyTimeIsSurvived) {
  TopState top;
  Show(top, MakeSample());
  top.events = {{INT64_MIN, "a", Style::kPlain},
                {INT64_MAX, "b", Style::kPlain}};
  const auto lines = EventsPage(top, 5);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[1].text, EndsWith("  b"));
}

TEST(ForcePageTest, IsThePriceInItsLines) {
  TopState top;
  EXPECT_THAT(ForcePage(top), IsEmpty());
  top.price = "one\n\ntwo\n\n";
  const auto lines = ForcePage(top);
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_EQ(lines[0].text, "one");
  EXPECT_EQ(lines[1].text, "");
  EXPECT_EQ(lines[2].text, "two");
  top.price = "";
  EXPECT_THAT(ForcePage(top), IsEmpty());
}

TEST(IdlePageTest, SaysWhyThereIsNoEngine) {
  Sample sample;
  sample.engine_missing = "klpx.ko is not loaded";
  const auto lines = IdlePage(sample);
  EXPECT_EQ(lines[0].text, "klpx.ko is not loaded");
  EXPECT_EQ(lines[0].style, Style::kWarning);
}

TEST(IdlePageTest, SaysWhyThereIsNoHistory) {
  Sample sample;
  sample.history_missing = "needs root";
  sample.history.emplace_back();
  EXPECT_THAT(TextOf(IdlePage(sample)), HasSubstr("needs root"));
  EXPECT_THAT(TextOf(IdlePage(sample)), Not(HasSubstr("OUTCOME")));
}

TEST(IdlePageTest, HasPatchesAndTheLastTransitions) {
  Sample sample = MakeSample();
  sample.patches[0].transition = false;
  TransitionRecord record;
  record.id = 12;
  record.patch = "fix_poll";
  record.begun = sample.host.time - absl::Minutes(5);
  record.started_ns = 0;
  record.ended_ns = 2 * kSecondNs;
  record.outcome = Outcome::kCompleted;
  sample.history = {record};
  const std::string text = TextOf(IdlePage(sample));
  EXPECT_THAT(text, HasSubstr("fix_poll  enabled"));
  EXPECT_THAT(text, HasSubstr("12  5m00s ago  fix_poll"));
  EXPECT_THAT(text, HasSubstr("2.00s"));
}

// A clock that was set back since, or a file that is damaged.
TEST(IdlePageTest, ATransitionToComeWasJustNow) {
  Sample sample = MakeSample();
  sample.history.emplace_back();
  sample.history[0].begun = absl::InfiniteFuture();
  EXPECT_THAT(TextOf(IdlePage(sample)), HasSubstr("0.00s ago"));
}

TEST(IdlePageTest, FitsIntoEightyColumns) {
  Sample sample = MakeSample();
  TransitionRecord record;
  record.id = 123;
  record.patch = "fix_poll";
  record.begun = sample.host.time - absl::Hours(20);
  record.outcome = Outcome::kCompleted;
  record.tasks = 12345;
  sample.history = {record};
  for (const ScreenLine& line : IdlePage(sample)) {
    EXPECT_LE(line.text.size(), 80u) << line.text;
  }
}

}  // namespace
}  // namespace klpx
