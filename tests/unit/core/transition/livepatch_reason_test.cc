// SPDX-License-Identifier: GPL-2.0
#include "controller/core/transition/livepatch_reason.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::StrEq;

constexpr uint64_t kNow = 100000000000;
constexpr uint64_t kSecond = 1000000000;

class LivepatchReasonTest : public testing::Test {
 protected:
  LivepatchReasonTest() {
    transition_.patch = "fix";
    // Out of order; each ends where the next may begin.
    transition_.functions = {{{0x3000, 0x3010}, "do_close"},
                             {{0x1000, 0x1100}, "do_open"}};
    task_.key = {42, -1, 7};
    task_.comm = "reader";
    task_.task_state = 1;
    task_.frames = {0x9000, 0x1020};
  }

  klpx_task_info Verdict() {
    return InferReasons(transition_, {task_}, before_, kNow).at(0);
  }

  // How long ago the task was first found blocking.
  klpx_task_info& FoundBefore(uint64_t ago_ns) {
    klpx_task_info& info = before_[task_.key];
    info = Verdict();
    info.since_ns = kNow - ago_ns;
    return info;
  }

  LivepatchTransition transition_;
  PendingTask task_;
  EarlierBlockers before_;
};

TEST_F(LivepatchReasonTest, NamesTheFunctionOnTheStack) {
  const klpx_task_info info = Verdict();
  EXPECT_EQ(info.reason, KLPX_ON_FUNCTION);
  EXPECT_THAT(info.function, StrEq("do_open"));
  EXPECT_THAT(info.patch, StrEq("fix"));
  EXPECT_THAT(info.comm, StrEq("reader"));
  EXPECT_EQ(info.engine, KLPX_ENGINE_KERNEL);
  EXPECT_EQ(info.target, KLPX_PATCHED);
}

TEST_F(LivepatchReasonTest, AFunctionEndsBeforeItsEnd) {
  const std::pair<uint64_t, klpx_reason> frames[] = {
      {0x0fff, KLPX_NOT_CHECKED},    {0x1000, KLPX_ON_FUNCTION},
      {0x10ff, KLPX_ON_FUNCTION},    {0x1100, KLPX_NOT_CHECKED},
      {0x300f, KLPX_ON_FUNCTION},    {0x3010, KLPX_NOT_CHECKED},
      {UINT64_MAX, KLPX_NOT_CHECKED}};
  for (const auto& [frame, reason] : frames) {
    task_.frames = {frame};
    EXPECT_EQ(Verdict().reason, reason) << std::hex << frame;
  }
}

TEST_F(LivepatchReasonTest, TellsHowATaskSleepsThere) {
  task_.task_state = 0x102;  // killable
  EXPECT_EQ(Verdict().reason, KLPX_UNINTERRUPTIBLE);
  task_.task_state = 0x4;
  EXPECT_EQ(Verdict().reason, KLPX_STOPPED);
  task_.task_state = 0x8;
  EXPECT_EQ(Verdict().reason, KLPX_STOPPED);
  task_.exiting = true;
  EXPECT_EQ(Verdict().reason, KLPX_EXITING);
}

TEST_F(LivepatchReasonTest, ARunningTaskHasNoStackToCheck) {
  task_.on_cpu = true;
  task_.frames.clear();
  EXPECT_EQ(Verdict().reason, KLPX_RUNNING);
  FoundBefore(60 * kSecond);
  EXPECT_EQ(Verdict().reason, KLPX_RUNNING);
}

TEST_F(LivepatchReasonTest, AnIdleTaskIsIdleWhateverItDoes) {
  task_.key = {0, 3, 0};
  task_.on_cpu = true;
  EXPECT_EQ(Verdict().reason, KLPX_IDLE);
}

TEST_F(LivepatchReasonTest, InfersAnUnreliableStackOnceTheKernelHasChecked) {
  task_.frames = {0x9000};
  EXPECT_EQ(Verdict().reason, KLPX_NOT_CHECKED);
  FoundBefore(kSurelyCheckedNs - 1);
  EXPECT_EQ(Verdict().reason, KLPX_NOT_CHECKED);
  FoundBefore(kSurelyCheckedNs);
  EXPECT_EQ(Verdict().reason, KLPX_UNRELIABLE_STACK);
}

TEST_F(LivepatchReasonTest, KeepsTheFirstTimeAcrossLooks) {
  EXPECT_EQ(Verdict().since_ns, kNow);
  FoundBefore(5 * kSecond);
  EXPECT_EQ(Verdict().since_ns, kNow - 5 * kSecond);
  EXPECT_EQ(Verdict().age_ms, 5000u);
}

TEST_F(LivepatchReasonTest, ForgetsAnotherTransition) {
  FoundBefore(5 * kSecond).target = KLPX_UNPATCHED;
  EXPECT_EQ(Verdict().since_ns, kNow);
  FoundBefore(5 * kSecond).patch[0] = 'F';
  EXPECT_EQ(Verdict().since_ns, kNow);
  FoundBefore(5 * kSecond).engine = KLPX_ENGINE_KLPX;
  EXPECT_EQ(Verdict().since_ns, kNow);
  FoundBefore(5 * kSecond);
  task_.key.start_ns++;  // the tid is another task's now
  EXPECT_EQ(Verdict().since_ns, kNow);
}

TEST_F(LivepatchReasonTest, DoesNotBelieveATimeInTheFuture) {
  FoundBefore(0).since_ns = kNow + kSecond;
  EXPECT_EQ(Verdict().since_ns, kNow);
}

TEST_F(LivepatchReasonTest, CutsNamesThatAreTooLong) {
  transition_.patch = std::string(300, 'p');
  transition_.functions[1].name = std::string(300, 'f');
  const klpx_task_info info = Verdict();
  EXPECT_EQ(strlen(info.patch), KLPX_PATCH_NAME_LEN - 1u);
  EXPECT_EQ(strlen(info.function), KLPX_FUNC_NAME_LEN - 1u);
}

TEST_F(LivepatchReasonTest, WithoutFunctionsNoTaskIsInOne) {
  transition_.functions.clear();
  EXPECT_EQ(Verdict().reason, KLPX_NOT_CHECKED);
}

}  // namespace
}  // namespace klpx
