// SPDX-License-Identifier: GPL-2.0
#include "controller/web/listen.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

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

TEST(ListenTest, WhatIsNotAnAddressIsRefused) {
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

}  // namespace
}  // namespace klpx
