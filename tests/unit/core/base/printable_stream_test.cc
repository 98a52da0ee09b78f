// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/printable_stream.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

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

TEST_F(PrintableStreamTest, DisarmsControlSequences) {
  out_ << std::string("\x1b]0;own\x07\x1b[2J\rx\x7f\0y", 17) << '\x1b';
  EXPECT_EQ(terminal_.str(), "?]0;own??[2J?x??y?");
}

// CSI in UTF-8 and in Latin-1, and characters that change the text direction.
TEST_F(PrintableStreamTest, DisarmsNonAscii) {
  out_ << "\xc2\x9b"
          "2J \x9b"
          "2J \xe2\x80\xae";
  EXPECT_EQ(terminal_.str(), "??2J ?2J ???");
}

TEST_F(PrintableStreamTest, PassesOurOwnSequences) {
  Raw(out_, "\r\033[K");
  EXPECT_EQ(terminal_.str(), "\r\033[K");
  std::ostringstream plain;
  Raw(plain, "\r\033[K");
  EXPECT_EQ(plain.str(), "\r\033[K");
}

TEST_F(PrintableStreamTest, ReportsFailuresOfItsTarget) {
  class Full : public std::streambuf {};
  Full full;
  PrintableBuffer buffer(&full);
  std::ostream out(&buffer);
  out << "text";
  EXPECT_FALSE(out);
}

}  // namespace
}  // namespace klpx
