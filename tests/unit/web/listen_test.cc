// SPDX-License-Identifier: GPL-2.0
#include "controller/web/listen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

TEST(ListenTest, AddressesAreNumbers) {
  const auto four = ParseListen("127.0.0.1:14917");
  ASSERT_TRUE(four);
  EXPECT_EQ(four->host, "127.0.0.1");
  EXPECT_EQ(four->port, "14917");
  EXPECT_TRUE(four->loopback);
  const auto six = ParseListen("[::1]:80");
  ASSERT_TRUE(six);
  EXPECT_TRUE(six->loopback);
  const auto all = ParseListen("0.0.0.0:80");
  ASSERT_TRUE(all);
  EXPECT_FALSE(all->loopback);
}

TEST(ListenTest, RefusesAnythingButAnAddress) {
  for (const char* text : {"", "80", ":80", "localhost:80", "127.0.0.1",
                           "127.0.0.1:", "127.0.0.1:-1", "127.0.0.1:65536",
                           "::1:80", "[::1:80", "[]:80", "127.0.0.1:http"}) {
    EXPECT_FALSE(ParseListen(text)) << text;
  }
}

TEST(ListenTest, OnlyASocketMayBeReplaced) {
  const auto refused = ListenUnix("/dev/null");
  EXPECT_FALSE(refused.ok());
  EXPECT_FALSE(ListenUnix("").ok());
  EXPECT_FALSE(ListenUnix(std::string(200, 'a')).ok());
}

// File modes protect the snapshot; TCP gives every local account access to it.
TEST(ListenTest, WarnsOfReadersThatFileModesKeepOut) {
  const auto loopback = ListenTcp("127.0.0.1:0");
  ASSERT_TRUE(loopback.ok()) << loopback.status();
  EXPECT_THAT(ReachWarning(*loopback), HasSubstr("every local account"));
  EXPECT_THAT(ReachWarning(*loopback), HasSubstr("--unix /run/klpx/web.sock"));
  const auto anyone = ListenTcp("0.0.0.0:0");
  ASSERT_TRUE(anyone.ok()) << anyone.status();
  EXPECT_THAT(ReachWarning(*anyone), HasSubstr("anyone who can reach"));
  const std::string path =
      absl::StrCat(testing::TempDir(), "klpx-listen-test.", getpid());
  const auto local = ListenUnix(path);
  ASSERT_TRUE(local.ok()) << local.status();
  EXPECT_EQ(ReachWarning(*local), "");
  struct stat status = {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0660u);
  unlink(path.c_str());
}

TEST(ListenTest, APeerIsAUserOrAMachine) {
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  EXPECT_EQ(PeerOf(pair[0]), absl::StrCat("uid ", getuid()));
  close(pair[0]);
  close(pair[1]);
  EXPECT_EQ(PeerOf(-1), "");
}

}  // namespace
}  // namespace klpx
