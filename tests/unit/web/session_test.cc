// SPDX-License-Identifier: GPL-2.0
// One connection: which requests are answered, and which are refused how.
#include "controller/web/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "controller/sys/io/unique_fd.h"
#include "controller/sys/proc/linux_kernel.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class SessionTest : public testing::Test {
 protected:
  // All that is answered to these bytes, after which the client says no more.
  std::string Answer(const std::string& bytes) {
    int pair[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    const UniqueFd client(pair[0]);
    boost::asio::io_context io;
    Hub hub{.context = {kernel_, "0.1.0", "/nonexistent"},
            .host_names = {"web1"},
            .run_id = "run"};
    std::make_shared<Session>(
        Socket(io, Protocol(AF_UNIX, SOCK_STREAM), pair[1]), hub, "peer")
        ->Read();
    EXPECT_EQ(write(client.get(), bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
    shutdown(client.get(), SHUT_WR);
    io.run_for(std::chrono::seconds(20));
    EXPECT_TRUE(hub.sessions.empty()) << "the connection is still open";
    std::string all;
    char some[4096];
    ssize_t got = 0;
    while ((got = recv(client.get(), some, sizeof(some), MSG_DONTWAIT)) > 0) {
      all.append(some, got);
    }
    return all;
  }

  int StatusOf(const std::string& bytes) {
    const std::string answer = Answer(bytes);
    return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
  }

  LinuxKernel kernel_;
};

constexpr char kHost[] = "Host: localhost\r\n";

std::string Get(const std::string& target, const std::string& headers = kHost) {
  return absl::StrCat("GET ", target, " HTTP/1.1\r\n", headers, "\r\n");
}

TEST_F(SessionTest, ThePageIsServed) {
  EXPECT_THAT(Answer(Get("/")), StartsWith("HTTP/1.1 200"));
}

TEST_F(SessionTest, TwoRequestsOnOneConnectionAreTwoAnswers) {
  const std::string answer = Answer(Get("/") + Get("/no-such"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 404"));
}

TEST_F(SessionTest, AHeadHasNoBody) {
  const std::string answer =
      Answer("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(answer.find("\r\n\r\n"), answer.size() - 4);
}

TEST_F(SessionTest, ItIsReadOnly) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    EXPECT_EQ(StatusOf(absl::StrCat(method, " / HTTP/1.1\r\n", kHost, "\r\n")),
              405)
        << method;
  }
}

// A page of another site that has its name lead here (DNS rebinding).
TEST_F(SessionTest, AForeignNameIsNotServed) {
  EXPECT_EQ(StatusOf(Get("/", "Host: evil.example\r\n")), 421);
  EXPECT_EQ(StatusOf(Get("/", "Host: web1:8080\r\n")), 200);
}

TEST_F(SessionTest, ARequestWithoutANameIsRefusedButByOldClients) {
  EXPECT_EQ(StatusOf(Get("/", "")), 400);
  EXPECT_EQ(StatusOf("GET / HTTP/1.0\r\n\r\n"), 200);
}

TEST_F(SessionTest, TwoNamesAreRefused) {
  EXPECT_EQ(StatusOf(Get("/", "Host: localhost\r\nHost: evil.example\r\n")),
            400);
}

TEST_F(SessionTest, ABodyIsRefused) {
  EXPECT_EQ(StatusOf(Get("/", "Host: localhost\r\nContent-Length: 1\r\n")),
            413);
  EXPECT_EQ(
      StatusOf(Get("/", "Host: localhost\r\nTransfer-Encoding: chunked\r\n")),
      413);
}

TEST_F(SessionTest, AHeaderWithoutEndIsRefused) {
  EXPECT_EQ(
      StatusOf(Get(
          "/", absl::StrCat(kHost, "X: ", std::string(20000, 'x'), "\r\n"))),
      431);
}

TEST_F(SessionTest, WhatIsNoHttpIsRefused) {
  for (const char* bytes : {"GET\r\n\r\n", "\x16\x03\x01\x02\x01\r\n\r\n",
                            "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n"}) {
    EXPECT_EQ(StatusOf(bytes), 400) << bytes;
  }
}

TEST_F(SessionTest, ARequestThatIsCutOffHasNoAnswer) {
  const std::string whole = Get("/");
  for (const size_t size :
       {size_t{0}, size_t{1}, size_t{14}, whole.size() - 1}) {
    EXPECT_EQ(Answer(whole.substr(0, size)), "") << size;
  }
}

}  // namespace
}  // namespace klpx
