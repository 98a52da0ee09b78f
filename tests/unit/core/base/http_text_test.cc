// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/http_text.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

TEST(HttpUrlTest, ReadsUrls) {
  HttpUrl url = ParseHttpUrl("http://127.0.0.1:8080/health?x=1").value();
  EXPECT_EQ(url.host, "127.0.0.1");
  EXPECT_EQ(url.port, 8080);
  EXPECT_EQ(url.path, "/health?x=1");
  url = ParseHttpUrl("http://localhost").value();
  EXPECT_EQ(url.host, "127.0.0.1");
  EXPECT_EQ(url.port, 80);
  EXPECT_EQ(url.path, "/");
  url = ParseHttpUrl("http://[::1]:81/").value();
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, 81);
}

TEST(HttpUrlTest, RefusesUnsupportedUrls) {
  for (const char* text :
       {"", "http://", "https://127.0.0.1/", "127.0.0.1", "ftp://127.0.0.1",
        "http://example.com/", "http://127.0.0.1:0/", "http://127.0.0.1:/",
        "http://127.0.0.1:65536/", "http://127.0.0.1:8x/", "http://[::1",
        "http://[::1]x/", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y",
        "http://user@127.0.0.1/"}) {
    EXPECT_FALSE(ParseHttpUrl(text).ok()) << text;
  }
}

TEST(HttpStatusTest, ReadsTheFirstLine) {
  EXPECT_EQ(HttpStatus("HTTP/1.1 200 OK\r\n"), 200);
  EXPECT_EQ(HttpStatus("HTTP/1.0 503\r\n\r\n"), 503);
  EXPECT_EQ(HttpStatus("HTTP/1.0 204 \n"), 204);
}

TEST(HttpStatusTest, WaitsForTheRestOfTheLine) {
  EXPECT_EQ(HttpStatus(""), std::nullopt);
  EXPECT_EQ(HttpStatus("HTTP/1.1 200 OK"), std::nullopt);
}

TEST(HttpStatusTest, RejectsAnythingElse) {
  for (const char* answer :
       {"\n", "SSH-2.0-OpenSSH\r\n", "HTTP/2 200\r\n", "HTTP/1.1 2000 OK\r\n",
        "HTTP/1.1 -20 OK\r\n", "HTTP/1.1 20\r\n", "HTTP/1.1  200\r\n",
        "HTTP/1.\n", "http/1.1 200 OK\r\n"}) {
    EXPECT_EQ(HttpStatus(answer), 0) << answer;
  }
  EXPECT_EQ(HttpStatus(std::string(10000, 'x')), 0);
}

}  // namespace
}  // namespace klpx
