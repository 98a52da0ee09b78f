// SPDX-License-Identifier: GPL-2.0
#include "controller/core/printable_stream.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <sstream>
#include <string>
#include <utility>

namespace klpx {
namespace {

class PrintableStreamTest : public testing::Test {
 protected:
  std::ostringstream terminal_;
  PrintableBuffer buffer_{terminal_.rdbuf()};
  std::ostream out_{&buffer_};
};

TEST_F(PrintableStreamTest, LetsTextThrough) {
  out_ << "a b" << '\t' << 12 << "\n" << std::flush;
  EXPECT_EQ(terminal_.str(), "a b\t12\n");
}

TEST_F(PrintableStreamTest, DisarmsWhatDrivesATerminal) {
  out_ << std::string("\x1b]0;own\x07\x1b[2J\rx\x7f\0y", 17) << '\x1b';
  EXPECT_EQ(terminal_.str(), "?]0;own??[2J?x??y?");
}

// CSI in UTF-8 and in Latin-1, and what turns the direction of a text.
TEST_F(PrintableStreamTest, DisarmsWhatIsNotAscii) {
  out_ << "\xc2\x9b"
          "2J \x9b"
          "2J \xe2\x80\xae";
  EXPECT_EQ(terminal_.str(), "??2J ?2J ???");
}

TEST_F(PrintableStreamTest, OurOwnSequencesAreSaidToBe) {
  Raw(out_, "\r\033[K");
  EXPECT_EQ(terminal_.str(), "\r\033[K");
  std::ostringstream plain;
  Raw(plain, "\r\033[K");
  EXPECT_EQ(plain.str(), "\r\033[K");
}

TEST_F(PrintableStreamTest, TellsThatItsTargetFails) {
  class Full : public std::streambuf {};
  Full full;
  PrintableBuffer buffer(&full);
  std::ostream out(&buffer);
  out << "text";
  EXPECT_FALSE(out);
  EXPECT_EQ(buffer.error_number(), EIO);
}

// The first failure is the one that counts: what follows may succeed.
TEST_F(PrintableStreamTest, RemembersWhyTheFirstWriteFailed) {
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
  FullOnce full;
  PrintableBuffer buffer(&full);
  EXPECT_EQ(buffer.error_number(), 0);
  EXPECT_EQ(buffer.sputn("text", 4), 0);
  errno = EBADF;
  EXPECT_EQ(buffer.sputn("text", 4), 4);
  EXPECT_EQ(buffer.error_number(), ENOSPC);
}

}  // namespace
}  // namespace klpx
