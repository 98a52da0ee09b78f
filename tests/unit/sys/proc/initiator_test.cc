// SPDX-License-Identifier: GPL-2.0
// Which user asked for a transition, and when a process started.
#include "controller/sys/proc/initiator.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include "controller/sys/proc/linux_kernel.h"
#include "tests/unit/sys/fake_kernel.h"

namespace klpx {
namespace {

constexpr char kStat[] = "/proc/42/task/42/stat";

// As the kernel writes it: pid, name, state, and the start as field 22.
std::string Stat(const std::string& name, const std::string& start) {
  return "42 (" + name + ") S 1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 " +
         start + " 1000 200 18446744073709551615 1 1\n";
}

class InitiatorTest : public testing::Test {
 protected:
  InitiatorTest() { unsetenv("SUDO_USER"); }
  ~InitiatorTest() override { unsetenv("SUDO_USER"); }

  Initiator Read() { return ReadInitiator(kernel_, "cli", "enable"); }

  FakeKernel kernel_;
};

TEST_F(InitiatorTest, IsThisProcess) {
  const Initiator initiator = Read();
  EXPECT_EQ(initiator.by, "cli");
  EXPECT_EQ(initiator.verb, "enable");
  EXPECT_EQ(initiator.uid, getuid());
  EXPECT_EQ(initiator.pid, static_cast<uint32_t>(getpid()));
}

TEST_F(InitiatorTest, KnowsAsWhichUserALoginBegan) {
  kernel_.files["/proc/self/loginuid"] = "1000";
  EXPECT_EQ(Read().login_uid, 1000u);
}

// The kernel's number for none, as of a service.
TEST_F(InitiatorTest, AServiceHasNoLogin) {
  kernel_.files["/proc/self/loginuid"] = "4294967295";
  EXPECT_FALSE(Read().login_uid.has_value());
}

TEST_F(InitiatorTest, ALoginThatIsNoNumberIsUnknown) {
  EXPECT_FALSE(Read().login_uid.has_value());
  for (const char* text : {"", "root", "-1", "99999999999"}) {
    kernel_.files["/proc/self/loginuid"] = text;
    EXPECT_FALSE(Read().login_uid.has_value()) << text;
  }
}

TEST_F(InitiatorTest, KnowsWhichUserCalledSudo) {
  EXPECT_EQ(Read().sudo_user, "");
  setenv("SUDO_USER", "alice", 1);
  EXPECT_EQ(Read().sudo_user, "alice");
}

TEST_F(InitiatorTest, AStartThatIsNotKnownIsZero) {
  EXPECT_EQ(Read().pid_start, 0u);
}

class ProcessStartTest : public testing::Test {
 protected:
  std::optional<uint64_t> Start(const std::string& stat) {
    kernel_.files[kStat] = stat;
    return ProcessStart(kernel_, 42);
  }

  FakeKernel kernel_;
};

TEST_F(ProcessStartTest, IsWhatTheKernelSays) {
  EXPECT_EQ(Start(Stat("cat", "123456")), 123456u);
  EXPECT_EQ(Start(Stat("cat", "18446744073709551615")), UINT64_MAX);
}

TEST_F(ProcessStartTest, IsNoneOfAProcessThatHasGone) {
  EXPECT_FALSE(ProcessStart(kernel_, 42).has_value());
}

// Any user gives a process any name.
TEST_F(ProcessStartTest, IsNotDeceivedByAName) {
  EXPECT_EQ(Start(Stat(") S 1 1 1 (", "123456")), 123456u);
  EXPECT_EQ(Start(Stat(") R 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 9", "7")), 7u);
  EXPECT_EQ(Start(Stat("a\nb c", "7")), 7u);
}

TEST_F(ProcessStartTest, WhatIsCutOffIsUnknown) {
  const std::string whole = "42 (cat) S 1 42 42 0 -1 4194304 1 2 3";
  for (size_t size = 0; size <= whole.size(); size++) {
    EXPECT_FALSE(Start(whole.substr(0, size)).has_value()) << size;
  }
}

TEST_F(ProcessStartTest, WhatIsNoNumberIsUnknown) {
  EXPECT_FALSE(Start(Stat("cat", "-1")).has_value());
  EXPECT_FALSE(Start(Stat("cat", "18446744073709551616")).has_value());
}

TEST(ProcessStartOfThisMachineTest, ThisTestHasStarted) {
  LinuxKernel kernel;
  const auto start = ProcessStart(kernel, static_cast<uint32_t>(getpid()));
  ASSERT_TRUE(start.has_value());
  EXPECT_GT(*start, 0u);
}

}  // namespace
}  // namespace klpx
