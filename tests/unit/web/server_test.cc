// SPDX-License-Identifier: GPL-2.0
// Clients that do not read, and the clients that come after them.
#include "controller/web/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/sys/io/unique_fd.h"
#include "controller/sys/proc/linux_kernel.h"
#include "controller/web/limits.h"
#include "tests/unit/web/view_files.h"

namespace klpx {
namespace {

using ::testing::StartsWith;

// More than the socket buffers hold.
constexpr size_t kBytes = 32 * kLargeBytes;
constexpr char kSnapshot[] =
    "GET /api/v1/snapshot HTTP/1.1\r\nHost: localhost\r\n"
    "Connection: close\r\n\r\n";
constexpr char kEvents[] =
    "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n";

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() : server_({kernel_, "0.1.0", "/nonexistent"}, {}) {
    auto served = std::make_shared<ServedState>();
    const std::string text = StuckSnapshot("b", 1000000000, 9);
    served->documents =
        MakeDocuments(*ParseSnapshot(text), text + std::string(kBytes, ' '));
    served->sequence = 1;
    served->freshness = Freshness::kFresh;
    served->state = std::make_shared<const std::string>("{}");
    server_.Publish(served);
    std::vector<Listener> listeners;
    listeners.push_back(*ListenUnix(path_));
    listeners.push_back(*ListenTcp("127.0.0.1:0"));
    socklen_t size = sizeof(tcp_);
    getsockname(listeners[1].fd.get(), reinterpret_cast<sockaddr*>(&tcp_),
                &size);
    thread_ = std::thread([this, open = std::move(listeners)]() mutable {
      EXPECT_TRUE(server_.Run(std::move(open)).ok());
    });
  }

  ~ServerTest() override {
    kill(getpid(), SIGTERM);
    thread_.join();
    unlink(path_.c_str());
  }

  UniqueFd Connected(int family, const void* address, socklen_t size) {
    UniqueFd fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(connect(fd.get(), static_cast<const sockaddr*>(address), size),
              0);
    return fd;
  }

  UniqueFd OverUnix(const std::string& request) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, path_.data(), path_.size());
    UniqueFd fd = Connected(AF_UNIX, &address, sizeof(address));
    EXPECT_EQ(write(fd.get(), request.data(), request.size()),
              static_cast<ssize_t>(request.size()));
    return fd;
  }

  UniqueFd OverTcp(const std::string& request) {
    UniqueFd fd = Connected(AF_INET, &tcp_, sizeof(tcp_));
    EXPECT_EQ(write(fd.get(), request.data(), request.size()),
              static_cast<ssize_t>(request.size()));
    return fd;
  }

  std::string FirstOf(const UniqueFd& fd) {
    char bytes[64] = "";
    const ssize_t count = read(fd.get(), bytes, sizeof(bytes));
    return std::string(bytes, count < 0 ? 0 : count);
  }

  // Complete, however large it is.
  size_t SizeOf(const UniqueFd& fd) {
    std::vector<char> bytes(1 << 16);
    size_t all = 0;
    for (ssize_t count = 1; count > 0; all += count) {
      count = read(fd.get(), bytes.data(), bytes.size());
      if (count < 0) break;
    }
    return all;
  }

  // Each test runs in a process of its own, several at the same time.
  const std::string path_ =
      absl::StrCat(testing::TempDir(), "klpx-server-test.", getpid());
  sockaddr_in tcp_ = {};
  LinuxKernel kernel_;
  Server server_;
  std::thread thread_;
};

TEST_F(ServerTest, ReadersThatDoNotReadGiveWay) {
  std::vector<UniqueFd> idle;
  for (size_t i = 0; i < kMostLargeAnswers + 4; i++) {
    idle.push_back(OverTcp(kSnapshot));
    if (i < kMostLargeAnswers) {
      EXPECT_THAT(FirstOf(idle.back()), StartsWith("HTTP/1.1 200"));
    }
  }
  // Another user does not even wait for the grace.
  EXPECT_GT(SizeOf(OverUnix(kSnapshot)), kBytes);
  idle.push_back(OverTcp(kSnapshot));
  EXPECT_THAT(FirstOf(idle.back()), StartsWith("HTTP/1.1 200"));
  const auto began = std::chrono::steady_clock::now();
  size_t size = 0;
  while (size < kBytes &&
         std::chrono::steady_clock::now() - began < kWriteTimeout) {
    size = SizeOf(OverTcp(kSnapshot));
    if (size < kLargeBytes) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  EXPECT_GT(size, kBytes);
  EXPECT_LT(std::chrono::steady_clock::now() - began, kProgressTimeout * 2);
}

TEST_F(ServerTest, AClientThatDoesNotReadIsDisconnected) {
  const UniqueFd idle = OverUnix(kSnapshot);
  EXPECT_THAT(FirstOf(idle), StartsWith("HTTP/1.1 200"));
  std::this_thread::sleep_for(kProgressTimeout + std::chrono::seconds(2));
  EXPECT_LT(SizeOf(idle), 4 * kLargeBytes) << "what was on its way, no more";
}

TEST_F(ServerTest, StreamsOfOnePeerDoNotKeepOtherPeersOut) {
  std::vector<UniqueFd> streams;
  for (size_t i = 0; i < kMostEventStreams; i++) {
    streams.push_back(OverTcp(kEvents));
    EXPECT_THAT(FirstOf(streams.back()), StartsWith("HTTP/1.1 200"));
  }
  EXPECT_THAT(FirstOf(OverTcp(kEvents)), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(FirstOf(OverUnix(kEvents)), StartsWith("HTTP/1.1 200"));
}

}  // namespace
}  // namespace klpx
