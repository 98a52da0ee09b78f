// SPDX-License-Identifier: GPL-2.0
// What a forecast says: in a sentence, and as findings with what to do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controller/core/preflight/forecast.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TaskInTheWay Task(uint32_t tid, Obstacle obstacle) {
  TaskInTheWay entry;
  entry.task.tid = tid;
  entry.task.comm = "sleeper";
  entry.object = "vmlinux";
  entry.function = "do_open";
  entry.seen = 3;
  entry.obstacle = obstacle;
  return entry;
}

Forecast With(std::vector<TaskInTheWay> tasks, Outlook outlook) {
  Forecast forecast;
  forecast.looks = 3;
  forecast.in_the_way = std::move(tasks);
  forecast.outlook = outlook;
  return forecast;
}

const Finding* Find(const Findings& findings, FindingCode code) {
  for (const Finding& finding : findings) {
    if (finding.code == code) return &finding;
  }
  return nullptr;
}

std::string FoundOf(const Forecast& forecast, FindingCode code) {
  const Findings findings = FindingsOf(forecast);
  const Finding* finding = Find(findings, code);
  return finding == nullptr ? "" : finding->found;
}

TEST(ForecastFindingsTest, NothingInTheWayIsNoFinding) {
  EXPECT_THAT(FindingsOf(With({}, Outlook::kAtOnce)), IsEmpty());
  EXPECT_THAT(FindingsOf(With({Task(1, Obstacle::kPassing)}, Outlook::kSoon)),
              IsEmpty());
}

TEST(ForecastFindingsTest, EachObstacleIsCountedInAFindingOfItsOwn) {
  const Forecast forecast =
      With({Task(1, Obstacle::kPassing), Task(2, Obstacle::kSignal),
            Task(3, Obstacle::kSignal), Task(4, Obstacle::kLeftAlone),
            Task(5, Obstacle::kUninterruptible), Task(6, Obstacle::kKthread),
            Task(7, Obstacle::kStopped)},
           Outlook::kNever);
  EXPECT_THAT(FindingsOf(forecast), SizeIs(3));
  EXPECT_THAT(FoundOf(forecast, FindingCode::kBlocksUntilSignal),
              HasSubstr("2 tasks"));
  EXPECT_THAT(FoundOf(forecast, FindingCode::kBlocksUntilSignal),
              HasSubstr("(tid 2) in do_open()"));
  EXPECT_THAT(FoundOf(forecast, FindingCode::kLeftAlone), HasSubstr("1 task "));
  EXPECT_THAT(FoundOf(forecast, FindingCode::kLeftAlone), HasSubstr("tid 4"));
  EXPECT_THAT(FoundOf(forecast, FindingCode::kBlocksForGood),
              HasSubstr("3 tasks"));
  EXPECT_THAT(FoundOf(forecast, FindingCode::kBlocksForGood),
              HasSubstr("tid 5"));
}

TEST(ForecastFindingsTest, AMachineThatIsNotStoppedHasOneReason) {
  const Forecast forecast =
      With({Task(1, Obstacle::kPassing), Task(2, Obstacle::kSignal),
            Task(3, Obstacle::kKthread)},
           Outlook::kWouldBeRefused);
  const Findings findings = FindingsOf(forecast);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].code, FindingCode::kMachineNotStopped);
  EXPECT_THAT(findings[0].found, HasSubstr("2 tasks"));
  EXPECT_THAT(findings[0].found, HasSubstr("tid 2"));
}

TEST(ForecastFindingsTest, RulesAreNamedOnceAndInOrder) {
  Forecast forecast =
      With({Task(1, Obstacle::kLeftAlone), Task(2, Obstacle::kLeftAlone),
            Task(3, Obstacle::kLeftAlone)},
           Outlook::kNever);
  forecast.in_the_way[0].rule = "rule web";
  forecast.in_the_way[1].rule = "rule db";
  forecast.in_the_way[2].rule = "rule web";
  EXPECT_THAT(FoundOf(forecast, FindingCode::kLeftAlone),
              HasSubstr("(rule db, rule web)"));
}

TEST(ForecastFindingsTest, ATaskThatIsLeftAloneCanBeWokenByAVerb) {
  const Findings findings =
      FindingsOf(With({Task(1, Obstacle::kLeftAlone)}, Outlook::kNever));
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].advice, HasSubstr("klp-controller signal --task"));
}

TEST(ForecastFindingsTest, SignalsComeFromTheFirstToTheLast) {
  Forecast forecast = With({Task(1, Obstacle::kSignal)}, Outlook::kSignal);
  forecast.signals_from = absl::Seconds(2);
  forecast.signals_until = absl::Seconds(2);
  EXPECT_THAT(FindingsOf(forecast)[0].advice, HasSubstr("after 2s"));
  EXPECT_THAT(FindingsOf(forecast)[0].advice, Not(HasSubstr(" to 2s")));
  forecast.signals_until = absl::Minutes(1);
  EXPECT_THAT(FindingsOf(forecast)[0].advice, HasSubstr("after 2s to 1m"));
}

TEST(ForecastFindingsTest, AFunctionThatIsAlwaysOnAStackIsThePlaceOfAFinding) {
  Forecast forecast = With({}, Outlook::kSoon);
  forecast.functions = {{"ext4", "ext4_open", 3, 12},
                        {"ext4", "ext4_read", 2, 12}};
  const Findings findings = FindingsOf(forecast);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].code, FindingCode::kAlwaysOnStack);
  EXPECT_EQ(findings[0].object, "ext4");
  EXPECT_EQ(findings[0].function, "ext4_open");
  EXPECT_THAT(findings[0].found, HasSubstr("12 tasks"));
}

TEST(ForecastFindingsTest, SpinnersBesideTheFirstAreCounted) {
  Forecast forecast = With({}, Outlook::kAtOnce);
  forecast.spinning = {Task(7, Obstacle::kKthread).task};
  EXPECT_THAT(FoundOf(forecast, FindingCode::kSpinningKthread),
              Not(HasSubstr("more")));
  forecast.spinning.resize(4);
  EXPECT_THAT(FoundOf(forecast, FindingCode::kSpinningKthread),
              HasSubstr("(tid 7) and 3 more"));
  EXPECT_THAT(OutlookSentence(forecast), HasSubstr("4 kernel threads"));
}

TEST(ForecastFindingsTest, NamesCannotDriveTheTerminal) {
  Forecast forecast =
      With({Task(1, Obstacle::kSignal), Task(2, Obstacle::kLeftAlone)},
           Outlook::kNever);
  forecast.in_the_way[0].task.comm = "\033[2J\n";
  forecast.in_the_way[1].task.comm = "\033[2J\n";
  forecast.in_the_way[1].rule = "\033rule";
  forecast.decided_by = "\033policy";
  forecast.spinning = {forecast.in_the_way[0].task};
  for (const Finding& finding : FindingsOf(forecast)) {
    EXPECT_EQ(finding.found.find_first_of("\033\n"), std::string::npos);
    EXPECT_EQ(finding.advice.find_first_of("\033\n"), std::string::npos);
  }
}

TEST(OutlookSentenceTest, EveryOutlookHasOneOfItsOwnThatCounts) {
  std::set<std::string> sentences;
  for (const Outlook outlook : {Outlook::kSoon, Outlook::kSignal,
                                Outlook::kNever, Outlook::kWouldBeRefused}) {
    const std::string sentence = OutlookSentence(With(
        {Task(1, Obstacle::kSignal), Task(2, Obstacle::kKthread)}, outlook));
    EXPECT_THAT(sentence, HasSubstr("2 tasks"));
    EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
  }
  EXPECT_TRUE(
      sentences.insert(OutlookSentence(With({}, Outlook::kAtOnce))).second);
}

TEST(OutlookSentenceTest, ThatItNeverEndsHasItsReason) {
  const std::string stuck =
      OutlookSentence(With({Task(1, Obstacle::kStopped)}, Outlook::kNever));
  EXPECT_THAT(stuck, HasSubstr("no signal"));
  EXPECT_THAT(stuck, Not(HasSubstr("policy")));
  const std::string left =
      OutlookSentence(With({Task(1, Obstacle::kLeftAlone)}, Outlook::kNever));
  EXPECT_THAT(left, Not(HasSubstr("no signal")));
  EXPECT_THAT(left, HasSubstr("policy"));
  const std::string both = OutlookSentence(
      With({Task(1, Obstacle::kLeftAlone), Task(2, Obstacle::kStopped)},
           Outlook::kNever));
  EXPECT_THAT(both, HasSubstr("no signal"));
  EXPECT_THAT(both, HasSubstr("policy"));
}

}  // namespace
}  // namespace klpx
