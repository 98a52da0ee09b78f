// SPDX-License-Identifier: GPL-2.0
#include "controller/view/changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Texts(const Sample& before, const Sample& after) {
  std::vector<std::string> texts;
  for (const TopEvent& event : ChangesOf(before, after)) {
    texts.push_back(event.text);
  }
  return texts;
}

Sample Idle() {
  Sample sample;
  sample.host.monotonic_ns = kStartNs - kSecondNs;
  return sample;
}

TEST(ChangesTest, NothingBetweenTwoEqualSamples) {
  const Sample sample = MakeSample({MakeTask(1, "sshd")});
  EXPECT_THAT(Texts(sample, sample), IsEmpty());
  EXPECT_THAT(Texts(Idle(), Idle()), IsEmpty());
}

TEST(ChangesTest, ATransitionStartsWithItsBlockers) {
  EXPECT_THAT(Texts(Idle(), MakeSample({MakeTask(1, "sshd")})),
              ElementsAre("fix_poll: patching started, 120 tasks",
                          "sshd/1 blocks: on-function do_poll"));
}

TEST(ChangesTest, TasksComeGoAndAreSignalled) {
  Blocker signalled = MakeTask(2, "cron");
  signalled.info.signals = 2;
  Blocker other = MakeTask(3, "vi");
  other.info.reason = KLPX_RUNNING;
  other.info.function[0] = '\0';
  EXPECT_THAT(
      Texts(MakeSample(
                {MakeTask(1, "sshd"), MakeTask(2, "cron"), MakeTask(3, "vi")}),
            MakeSample({signalled, other, MakeTask(4, "new")})),
      ElementsAre("new/4 blocks: on-function do_poll",
                  "vi/3: running, was on-function do_poll",
                  "cron/2 got fake signal 2", "sshd/1 switched, or gone"));
}

TEST(ChangesTest, ManyTasksAreCounted) {
  std::vector<Blocker> tasks;
  for (uint32_t tid = 1; tid <= 20000; tid++)
    tasks.push_back(MakeTask(tid, "t"));
  EXPECT_THAT(Texts(MakeSample(tasks), MakeSample()),
              ElementsAre("t/1 switched, or gone", "t/2 switched, or gone",
                          "t/3 switched, or gone",
                          "and 19997 more tasks switched, or gone"));
}

TEST(ChangesTest, ATransitionEnds) {
  const Sample before = MakeSample({MakeTask(1, "sshd")});
  Sample after = before;
  after.blockers.clear();
  after.recent[0].ended_ns = kStartNs + 3500000000;
  EXPECT_THAT(Texts(before, after),
              ElementsAre("fix_poll: patching complete in 3.50 s"));
}

TEST(ChangesTest, ReportsReversalAndForce) {
  const Sample before = MakeSample();
  Sample after = before;
  after.recent[0].patched = false;
  after.recent[0].reversals = 1;
  after.recent[0].forced = 2;
  after.recent[0].ended_ns = kStartNs + kSecondNs;
  EXPECT_THAT(
      Texts(before, after),
      ElementsAre("fix_poll: reversed, now unpatching",
                  "fix_poll: 2 tasks forced",
                  "fix_poll: unpatching complete in 1.00 s (reversed), 2 "
                  "FORCED"));
}

TEST(ChangesTest, ATransitionBetweenTwoSamplesIsNotMissed) {
  const Sample before = Idle();
  Sample after = before;
  after.host.monotonic_ns = kStartNs + kSecondNs;
  after.recent.push_back(
      {kStartNs, kStartNs + 50000000, "quick", true, 0, 66, 0, 0});
  EXPECT_THAT(Texts(before, after),
              ElementsAre("quick: patching started, 66 tasks",
                          "quick: patching complete in 0.05 s"));
}

TEST(ChangesTest, UnknownTasksAreNotReportedAsGone) {
  const Sample before = MakeSample({MakeTask(1, "sshd")});
  Sample after = MakeSample();
  after.blockers_missing = "needs root";
  EXPECT_THAT(Texts(before, after), IsEmpty());
}

TEST(ChangesTest, NamesCannotDriveATerminal) {
  const auto texts = Texts(MakeSample(), MakeSample({MakeTask(1, "a\033[2J")}));
  EXPECT_THAT(texts, ElementsAre(HasSubstr("a?[2J/1 blocks")));
}

}  // namespace
}  // namespace klpx
