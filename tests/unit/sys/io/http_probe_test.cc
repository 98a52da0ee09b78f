// SPDX-License-Identifier: GPL-2.0
// The probe of the health check that asks a server, with a real socket.
#include "controller/sys/io/http_probe.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace klpx {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr absl::Duration kPoll = absl::Milliseconds(5);

// Listens, and does with the first connection what a test says.
class Server {
 public:
  Server() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    const auto generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener_.get(), generic, size), 0);
    EXPECT_EQ(listen(listener_.get(), 1), 0);
    EXPECT_EQ(getsockname(listener_.get(), generic, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  HttpUrl url() const {
    return ParseHttpUrl(absl::StrCat("http://127.0.0.1:", port_, "/health"))
        .value();
  }
  void Answer(absl::string_view text) {
    connection_ =
        UniqueFd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    EXPECT_EQ(write(connection_.get(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }
  void Close() { connection_ = UniqueFd(-1); }
  void Stop() { listener_ = UniqueFd(-1); }

 private:
  UniqueFd listener_;
  UniqueFd connection_{-1};
  uint16_t port_ = 0;
};

std::optional<absl::StatusOr<int>> PollFor(HttpProbe& probe,
                                           absl::Duration time) {
  const absl::Time end = absl::Now() + time;
  do {
    const std::optional<absl::StatusOr<int>> status = probe.Poll();
    if (status) return status;
    absl::SleepFor(kPoll);
  } while (absl::Now() < end);
  return std::nullopt;
}

TEST(HttpProbeTest, TellsTheStatus) {
  Server server;
  HttpProbe probe = HttpProbe::Start(server.url()).value();
  server.Answer("HTTP/1.1 503 Oh\r\n");
  EXPECT_EQ(PollFor(probe, kPatience)->value(), 503);
}

TEST(HttpProbeTest, NobodyListens) {
  Server server;
  server.Stop();
  absl::StatusOr<HttpProbe> probe = HttpProbe::Start(server.url());
  if (!probe.ok()) return;
  EXPECT_FALSE(PollFor(*probe, kPatience)->ok());
}

TEST(HttpProbeTest, NeverWaitsForAServerThatSaysNothing) {
  Server server;
  HttpProbe probe = HttpProbe::Start(server.url()).value();
  server.Answer("HTTP/1.1 200");
  EXPECT_FALSE(PollFor(probe, absl::Milliseconds(200)));
}

TEST(HttpProbeTest, AnAnswerThatIsCutOffCounts) {
  Server server;
  HttpProbe probe = HttpProbe::Start(server.url()).value();
  server.Answer("");
  server.Close();
  const auto status = PollFor(probe, kPatience);
  ASSERT_TRUE(status);
  EXPECT_TRUE(!status->ok() || **status == 0);
}

TEST(HttpProbeTest, GarbageWithoutEndIsCutShort) {
  Server server;
  HttpProbe probe = HttpProbe::Start(server.url()).value();
  server.Answer(std::string(20000, 'x'));
  EXPECT_EQ(PollFor(probe, kPatience)->value(), 0);
}

}  // namespace
}  // namespace klpx
