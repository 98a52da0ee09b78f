// SPDX-License-Identifier: GPL-2.0
// What to do about tasks that hold up a transition.
#include "controller/core/transition/advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "absl/strings/str_join.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class AdviceTest : public testing::Test {
 protected:
  AdviceTest() {
    moving_.name = "fix";
    moving_.transition = true;
    moving_.enabled = true;
  }

  Blocker Task(klpx_reason reason, bool kthread) {
    Blocker blocker;
    blocker.info.key.tid = 382;
    blocker.info.key.idle_cpu = -1;
    snprintf(blocker.info.comm, sizeof(blocker.info.comm), "spinner");
    blocker.info.reason = reason;
    blocker.info.kthread = kthread;
    return blocker;
  }

  std::string Advice(const std::vector<Blocker>& blockers) {
    return absl::StrJoin(AdviceFor(blockers, moving_), "\n");
  }

  PatchState moving_;
};

TEST_F(AdviceTest, AKernelThreadIsNotSaidToLeaveTheKernel) {
  for (const Engine engine : {Engine::kKlpx, Engine::kKernel}) {
    moving_.engine = engine;
    for (const klpx_reason reason : {KLPX_RUNNING, KLPX_ON_FUNCTION}) {
      const std::string text = Advice({Task(reason, true)});
      EXPECT_THAT(text, HasSubstr("no signal moves it"));
      EXPECT_THAT(text, HasSubstr("'klp-controller reverse fix'"));
      EXPECT_THAT(text, Not(HasSubstr("leaves the kernel")));
    }
  }
}

TEST_F(AdviceTest, UserTasksAndKernelThreadsAreToldApart) {
  const std::string text =
      Advice({Task(KLPX_ON_FUNCTION, false), Task(KLPX_ON_FUNCTION, true),
              Task(KLPX_ON_FUNCTION, false)});
  EXPECT_THAT(text, HasSubstr("'klp-controller signal fix' wakes"));
  EXPECT_THAT(text, HasSubstr("on-function, a kernel thread"));
  EXPECT_THAT(AdviceFor(std::vector<Blocker>{Task(KLPX_RUNNING, false),
                                             Task(KLPX_RUNNING, false)},
                        moving_),
              SizeIs(1));
}

TEST_F(AdviceTest, UninterruptibleSleepHasANextStep) {
  const std::string text = Advice({Task(KLPX_UNINTERRUPTIBLE, false)});
  EXPECT_THAT(text, HasSubstr("blocking -v"));
  EXPECT_THAT(text, HasSubstr("klp-controller reverse fix"));
}

TEST_F(AdviceTest, CallbacksThatHaveRunAreNamed) {
  moving_.objects = {{"vmlinux", true, {}, {"pre_patch", "post_patch"}}};
  EXPECT_THAT(Advice({}), HasSubstr("pre_patch of vmlinux has run"));
  moving_.enabled = false;
  EXPECT_THAT(Advice({}), IsEmpty());
}

TEST_F(AdviceTest, EntriesAreCompleteAndListCommands) {
  const std::vector<AdviceEntry> entries = AdviceEntries(AdviceFor(
      {Task(KLPX_ON_FUNCTION, false), Task(KLPX_UNINTERRUPTIBLE, false)},
      moving_));
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].text,
            "on-function: 'klp-controller signal fix' wakes user tasks");
  EXPECT_THAT(entries[0].commands, ElementsAre("klp-controller signal fix"));
  EXPECT_THAT(entries[1].text,
              HasSubstr("where): resolve that; or give up: 'klp-"));
  EXPECT_THAT(entries[1].commands, ElementsAre("klp-controller blocking -v",
                                               "klp-controller reverse fix"));
}

// A module name may hold any character, and commands are pasted into a shell.
TEST_F(AdviceTest, TextThatIsUnsafeInAShellIsNoCommand) {
  for (const char* name : {"a;reboot", "$(reboot)", "a\nb", "a|b", "a'b"}) {
    moving_.name = name;
    for (const AdviceEntry& entry :
         AdviceEntries(AdviceFor({Task(KLPX_ON_FUNCTION, false)}, moving_))) {
      EXPECT_THAT(entry.commands, IsEmpty()) << name;
    }
  }
}

TEST_F(AdviceTest, LinesFitANarrowTerminal) {
  moving_.name = std::string(20, 'p');
  for (int reason = 0; reason <= KLPX_EXITING; reason++) {
    for (const bool kthread : {false, true}) {
      for (const std::string& line : AdviceFor(
               Task(static_cast<klpx_reason>(reason), kthread).info, moving_)) {
        EXPECT_LT(line.size(), 80u) << line;
      }
    }
  }
}

TEST_F(AdviceTest, NamesTasksThatNoSignalMoves) {
  EXPECT_EQ(BeyondSignalsWords({Task(KLPX_ON_FUNCTION, false)}), "");
  EXPECT_EQ(BeyondSignalsWords(
                {Task(KLPX_RUNNING, true), Task(KLPX_UNINTERRUPTIBLE, false)}),
            "kernel thread spinner/382 (running) and 1 more");
}

}  // namespace
}  // namespace klpx
