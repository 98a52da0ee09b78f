// SPDX-License-Identifier: GPL-2.0
// What the service manager hears, at a socket as systemd has one.
#include "controller/daemon/notify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <vector>

#include "controller/sys/io/unique_fd.h"
#include "tests/unit/data/temp_directory.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NotifyTest : public testing::Test {
 protected:
  NotifyTest() {
    const std::string path = dir_ + "/notify";
    socket_ =
        UniqueFd(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path.c_str());
    EXPECT_EQ(bind(socket_.get(), reinterpret_cast<sockaddr*>(&address),
                   sizeof(address)),
              0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
  }
  ~NotifyTest() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC"}) unsetenv(name);
    std::filesystem::remove_all(dir_);
  }

  // All that has come since the last call.
  std::vector<std::string> Heard() {
    std::vector<std::string> heard;
    char text[4096];
    ssize_t got = 0;
    while ((got = recv(socket_.get(), text, sizeof(text), 0)) >= 0) {
      heard.emplace_back(text, got);
    }
    return heard;
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  UniqueFd socket_{-1};
};

TEST_F(NotifyTest, SaysThatItIsReadyAndThatItStops) {
  ServiceManager manager;
  manager.Ready();
  manager.Stopping();
  EXPECT_THAT(Heard(), ElementsAre("READY=1", "STOPPING=1"));
}

// Type=notify-reload wants the time with it.
TEST_F(NotifyTest, AReloadComesWithItsTime) {
  ServiceManager manager;
  manager.Reloading(absl::Milliseconds(1500));
  EXPECT_THAT(Heard(), ElementsAre("RELOADING=1\nMONOTONIC_USEC=1500000"));
}

TEST_F(NotifyTest, AStatusIsSaidWhenItIsAnother) {
  ServiceManager manager;
  manager.Status("1 patch");
  manager.Status("1 patch");
  manager.Status("2 patches");
  manager.Status("1 patch");
  EXPECT_THAT(Heard(), ElementsAre("STATUS=1 patch", "STATUS=2 patches",
                                   "STATUS=1 patch"));
}

TEST_F(NotifyTest, WithoutAWatchdogItNeedNotSayThatItIsAlive) {
  ServiceManager manager;
  EXPECT_EQ(manager.NextAlive(), absl::InfiniteDuration());
  manager.Alive(absl::Hours(1000));
  EXPECT_THAT(Heard(), IsEmpty());
}

TEST_F(NotifyTest, SaysThatItIsAliveAtHalfTheInterval) {
  setenv("WATCHDOG_USEC", "10000000", 1);
  ServiceManager manager;
  manager.Alive(absl::Seconds(100));
  EXPECT_THAT(Heard(), ElementsAre("WATCHDOG=1"));
  EXPECT_EQ(manager.NextAlive(), absl::Seconds(105));
  manager.Alive(absl::Seconds(105) - absl::Nanoseconds(1));
  EXPECT_THAT(Heard(), IsEmpty());
  manager.Alive(absl::Seconds(105));
  EXPECT_THAT(Heard(), ElementsAre("WATCHDOG=1"));
}

TEST_F(NotifyTest, AWatchdogOfAnotherProcessIsNotIts) {
  setenv("WATCHDOG_USEC", "10000000", 1);
  setenv("WATCHDOG_PID", "1", 1);
  const ServiceManager manager;
  unsetenv("WATCHDOG_PID");
  EXPECT_EQ(manager.NextAlive(), absl::InfiniteDuration());
}

TEST_F(NotifyTest, AWatchdogThatIsNoNumberIsNone) {
  setenv("WATCHDOG_USEC", "often", 1);
  const ServiceManager manager;
  EXPECT_EQ(manager.NextAlive(), absl::InfiniteDuration());
}

TEST_F(NotifyTest, WithoutAServiceManagerNothingFails) {
  unsetenv("NOTIFY_SOCKET");
  ServiceManager manager;
  manager.Ready();
  manager.Status("1 patch");
  EXPECT_THAT(Heard(), IsEmpty());
}

}  // namespace
}  // namespace klpx
