// SPDX-License-Identifier: GPL-2.0
// The order of the jobs, and what becomes of one that fails. A job ends the
// loop here, with the signal that systemd sends.
#include "controller/daemon/loop.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <functional>
#include <utility>

#include "tests/unit/daemon/job_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Does what a test says, as often as it can.
class PlayedJob final : public Job {
 public:
  PlayedJob(std::string name, std::function<absl::Status()> step)
      : name_(std::move(name)), step_(std::move(step)) {}

  absl::string_view name() const override { return name_; }
  absl::Duration Interval(const MachineState&) const override {
    return absl::ZeroDuration();
  }
  absl::Status Step(MachineState&) override { return step_(); }

 private:
  std::string name_;
  std::function<absl::Status()> step_;
};

// Half a second goes by each time that it is asked, twice in a round: a step
// that takes time would be given a rest.
class ClockJob final : public Job {
 public:
  explicit ClockJob(FakeKernel& kernel) : kernel_(kernel) {}

  absl::string_view name() const override { return "clock"; }
  absl::Duration Interval(const MachineState&) const override {
    kernel_.now += absl::Milliseconds(500);
    return absl::ZeroDuration();
  }
  absl::Status Step(MachineState&) override { return absl::OkStatus(); }

 private:
  FakeKernel& kernel_;
};

class LoopTest : public JobTest {
 protected:
  LoopTest() {
    sigprocmask(SIG_SETMASK, nullptr, &mask_);
    pipe_ = signal(SIGPIPE, SIG_DFL);
    loop_ = Loop::Create(context.machine, rules_).value();
    loop_->Add(std::make_unique<ClockJob>(kernel));
  }
  ~LoopTest() override {
    loop_.reset();
    signal(SIGPIPE, pipe_);
    sigprocmask(SIG_SETMASK, &mask_, nullptr);
  }

  void Add(const std::string& name, std::function<absl::Status()> step) {
    loop_->Add(std::make_unique<PlayedJob>(name, std::move(step)));
  }

  // The last job: so many rounds, and then a signal.
  void AddEnd(int rounds, int number) {
    Add("end", [this, rounds, number] {
      if (++rounds_ >= rounds) kill(getpid(), number);
      return absl::OkStatus();
    });
  }

  Rules rules_{kernel, policy};
  std::unique_ptr<Loop> loop_;
  std::vector<std::string> done_;
  int rounds_ = 0;
  sigset_t mask_;
  void (*pipe_)(int);
};

TEST_F(LoopTest, DoesTheJobsInTheOrderInWhichTheyWereAdded) {
  for (const char* name : {"a", "b", "c"}) {
    Add(name, [this, name] {
      done_.push_back(name);
      return absl::OkStatus();
    });
  }
  AddEnd(1, SIGTERM);
  EXPECT_TRUE(loop_->Run().ok());
  EXPECT_THAT(done_, ElementsAre("a", "b", "c"));
}

TEST_F(LoopTest, EndsAtSigint) {
  AddEnd(1, SIGINT);
  EXPECT_TRUE(loop_->Run().ok());
  EXPECT_EQ(rounds_, 1);
}

TEST_F(LoopTest, AReaderOfItsOutputThatHasGoneIsNoReasonToEnd) {
  AddEnd(1, SIGTERM);
  kill(getpid(), SIGPIPE);
  EXPECT_TRUE(loop_->Run().ok());
}

TEST_F(LoopTest, TheOthersGoOnWhenOneFails) {
  Add("bad", [] { return absl::InternalError("no"); });
  AddEnd(3, SIGTERM);
  EXPECT_TRUE(loop_->Run().ok());
  EXPECT_EQ(rounds_, 3);
}

TEST_F(LoopTest, TellsAFailureOnceWithTheJobsName) {
  Add("bad", [] { return absl::InternalError("cannot be"); });
  AddEnd(5, SIGTERM);
  EXPECT_TRUE(loop_->Run().ok());
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kJobFailed));
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_DUTY"), "bad");
  EXPECT_THAT(JournalEntries()[0].text, HasSubstr("cannot be"));
}

TEST_F(LoopTest, TellsTheNextFailureOfAJobThatHadRecovered) {
  int calls = 0;
  Add("bad", [&calls]() -> absl::Status {
    if (++calls == 2) return absl::OkStatus();
    return absl::InternalError("cannot be");
  });
  AddEnd(4, SIGTERM);
  EXPECT_TRUE(loop_->Run().ok());
  EXPECT_THAT(JournalKinds(),
              ElementsAre(Message::kJobFailed, Message::kJobFailed));
}

TEST_F(LoopTest, CallsAJobThatFailsLessAndLessOften) {
  int calls = 0;
  Add("bad", [&calls] {
    calls++;
    return absl::InternalError("no");
  });
  AddEnd(16, SIGTERM);
  EXPECT_TRUE(loop_->Run().ok());
  // At 0, 1, 3, 7 and 15 seconds.
  EXPECT_EQ(calls, 5);
}

TEST_F(LoopTest, ReadsThePolicyAgainAtSighup) {
  SetPolicy("[deadline]\nafter = \"60s\"\n");
  Add("reload", [this] {
    if (rounds_ == 0) kill(getpid(), SIGHUP);
    return absl::OkStatus();
  });
  AddEnd(2, SIGTERM);
  EXPECT_TRUE(loop_->Run().ok());
  EXPECT_EQ(rules_.deadline().after, absl::Seconds(60));
}

TEST_F(LoopTest, ReadsNoPolicyByItself) {
  SetPolicy("[deadline]\nafter = \"60s\"\n");
  AddEnd(3, SIGTERM);
  EXPECT_TRUE(loop_->Run().ok());
  EXPECT_FALSE(rules_.deadline().after.has_value());
}

}  // namespace
}  // namespace klpx
