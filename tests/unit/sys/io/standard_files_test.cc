// SPDX-License-Identifier: GPL-2.0
#include "controller/sys/io/standard_files.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <utility>

namespace klpx {
namespace {

// Fails the first write only, like a full disk that then has space again.
class FullOnce : public std::streambuf {
 protected:
  std::streamsize xsputn(const char*, std::streamsize size) override {
    if (std::exchange(failed_, true)) return size;
    errno = ENOSPC;
    return 0;
  }

 private:
  bool failed_ = false;
};

TEST(NotingBufferTest, RemembersWhyTheFirstWriteFailed) {
  FullOnce full;
  NotingBuffer buffer(&full);
  EXPECT_EQ(buffer.error_number(), 0);
  EXPECT_EQ(buffer.sputn("text", 4), 0);
  errno = EBADF;
  EXPECT_EQ(buffer.sputn("text", 4), 4);
  EXPECT_EQ(buffer.error_number(), ENOSPC);
}

TEST(NotingBufferTest, AFailureWithoutErrnoIsAFailure) {
  class Closed : public std::streambuf {};
  Closed closed;
  NotingBuffer buffer(&closed);
  EXPECT_EQ(buffer.sputc('x'), std::char_traits<char>::eof());
  EXPECT_EQ(buffer.error_number(), EIO);
}

}  // namespace
}  // namespace klpx
