// SPDX-License-Identifier: GPL-2.0
#include "controller/web/target.h"

#include <gtest/gtest.h>

#include "controller/web/limits.h"

namespace klpx {
namespace {

TEST(TargetTest, ParsesPathAndParameters) {
  const auto target = ParseTarget("/a/b?c=d%20e&f=&g&h=i+j");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a/b");
  EXPECT_EQ(target->parameters.at("c"), "d e");
  EXPECT_EQ(target->parameters.at("f"), "");
  EXPECT_EQ(target->parameters.at("g"), "");
  EXPECT_EQ(target->parameters.at("h"), "i j");
}

TEST(TargetTest, RefusesAMalformedTarget) {
  for (const char* text :
       {"", "a", "*", "http://evil/", "/%", "/%4", "/%zz", "/%00", "/a%0ab",
        "/../etc/passwd", "/%2e%2e/etc", "/a?x=%0d%0aSet-Cookie:x"}) {
    EXPECT_FALSE(ParseTarget(text)) << text;
  }
  EXPECT_FALSE(ParseTarget("/" + std::string(kLongestTargetBytes, 'a')));
}

TEST(TargetTest, NumbersAreNumbersOrNothing) {
  const auto target = ParseTarget("/?a=12&b=-1&c=1e3&d=99999999999999&e=");
  ASSERT_TRUE(target);
  EXPECT_EQ(NumberIn(*target, "a", 7), 12u);
  EXPECT_EQ(NumberIn(*target, "absent", 7), 7u);
  for (const char* name : {"b", "c", "d", "e"}) {
    EXPECT_FALSE(NumberIn(*target, name, 7)) << name;
  }
}

TEST(AllowedHostTest, AddressesAndOwnNamesOnly) {
  const std::vector<std::string> names = {"web1", ""};
  for (const char* host :
       {"127.0.0.1", "127.0.0.1:14917", "[::1]", "[::1]:14917", "localhost",
        "LOCALHOST:80", "10.1.2.3", "web1", "Web1:14917"}) {
    EXPECT_TRUE(IsAllowedHost(host, names)) << host;
  }
  for (const char* host :
       {"", ":80", "evil.example", "evil.example:14917", "127.0.0.1.evil",
        "localhost.evil", "127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:99999",
        "[::1", "[::1]x", "[evil]", "web1:", "0x7f.1", "2130706433"}) {
    EXPECT_FALSE(IsAllowedHost(host, names)) << host;
  }
}

}  // namespace
}  // namespace klpx
