// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/toml_section.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_split.h"
#include "controller/core/base/error.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

// toml++ 3.3 reaches undefined behaviour on the first of these.
TEST(WhyNotTomlTest, OnlyStringsAndCommentsMayHoldMoreThanAscii) {
  for (const char* text :
       {"x = 1\n\xef\xbb\xbb", "[default]\n\xc3\xa4 = 1\n",
        "\"\".\xef\xbb\xbb = 1\n", "x = 1 \xc2\xa0\n", "x = 'a' \xc3\xa4"}) {
    EXPECT_THAT(WhyNotToml(text), HasSubstr("not ASCII")) << text;
  }
  for (const char* text :
       {"# \xc3\xa4 \"\nx = 1", "x = [\"\xc3\xa4\\\"\xc3\xa4\", '\xc3\xa4']",
        "x = \"\"\"\n\xc3\xa4 \" \"\" \\\"\"\" \xc3\xa4\n\"\"\"",
        "x = '''\n\xc3\xa4 ' '' \\'''", "# \xc3\xa4", "x = '\\' # \xc3\xa4"}) {
    EXPECT_EQ(WhyNotToml(text), "") << text;
  }
}

TEST(WhyNotTomlTest, TellsTheLine) {
  EXPECT_THAT(WhyNotToml("\n'''\n\n'''\n\xc3\xa4"), StartsWith("5: "));
}

TEST(WhyNotTomlTest, AByteOrderMarkMayStandAtTheBeginning) {
  EXPECT_EQ(WhyNotToml("\xef\xbb\xbf[default]"), "");
  EXPECT_EQ(WhyNotToml("\xef\xbb\xbf"), "");
  EXPECT_THAT(WhyNotToml("\xef\xbb\xbf\xef\xbb\xbf"), StartsWith("1: "));
}

// A string of many lines may end in quotes of its own: """x"""" is x".
TEST(WhyNotTomlTest, QuotesAtTheEndOfAStringBeginNoOther) {
  EXPECT_THAT(WhyNotToml("a = { b = \"\"\"x\"\"\"\", \xef\xbb\xbb = 1 }"),
              HasSubstr("not ASCII"));
  EXPECT_THAT(WhyNotToml("a = { b = '''x'''', \xef\xbb\xbb = 1 }"),
              HasSubstr("not ASCII"));
  EXPECT_EQ(WhyNotToml("a = '''x''''' # \xc3\xa4"), "");
}

TEST(WhyNotTomlTest, AStringThatDoesNotEndIsLeftToTheLibrary) {
  for (const char* text : {"x = \"", "x = '''\xc3\xa4", "x = \"\\", "'"}) {
    EXPECT_EQ(WhyNotToml(text), "") << text;
  }
  EXPECT_THAT(WhyNotToml("x = \"a\n\xc3\xa4"), StartsWith("2: "));
}

TEST(WhyNotTomlTest, RefusesWhatIsLongerThanAnyPolicy) {
  EXPECT_EQ(WhyNotToml(std::string(1 << 20, '#')), "");
  EXPECT_THAT(WhyNotToml(std::string((1 << 20) + 1, '#')), StartsWith("1: "));
}

class SectionTest : public testing::Test {
 protected:
  // One at a time.
  Section Of(absl::string_view text) {
    toml::parse_result parsed =
        toml::parse(std::string_view(text.data(), text.size()));
    EXPECT_TRUE(parsed) << text;
    table_ = std::move(parsed).table();
    return Section(table_, "[test]", problems_);
  }

  std::vector<std::string> Mistakes() const {
    const absl::Status status = problems_.ToStatus();
    if (status.ok()) return {};
    return absl::StrSplit(status.message(), '\n');
  }

  toml::table table_;
  Problems problems_{"p.toml"};
};

TEST_F(SectionTest, WhatIsNotThereIsNoMistake) {
  Section section = Of("");
  section.AllowOnly({"a"});
  EXPECT_EQ(section.Text("a"), std::nullopt);
  EXPECT_EQ(section.Flag("a"), std::nullopt);
  EXPECT_EQ(section.Duration("a"), std::nullopt);
  EXPECT_THAT(section.Strings("a"), IsEmpty());
  EXPECT_EQ(section.Find("a"), nullptr);
  EXPECT_THAT(Mistakes(), IsEmpty());
}

TEST_F(SectionTest, ReadsValuesOfTheirType) {
  Section section = Of("t = 'x'\nf = false\nd = '90s'\n");
  EXPECT_EQ(section.Text("t"), "x");
  EXPECT_EQ(section.Flag("f"), false);
  EXPECT_EQ(section.Duration("d"), absl::Seconds(90));
  EXPECT_THAT(Mistakes(), IsEmpty());
}

TEST_F(SectionTest, AValueOfAnotherTypeIsAMistakeOfItsLine) {
  Section section = Of("t = 5\nf = 'true'\nd = 15\ns = 1.5\n");
  EXPECT_EQ(section.Text("t"), std::nullopt);
  EXPECT_EQ(section.Flag("f"), std::nullopt);
  EXPECT_EQ(section.Duration("d"), std::nullopt);
  EXPECT_THAT(section.Strings("s"), IsEmpty());
  EXPECT_THAT(
      Mistakes(),
      ElementsAre(StartsWith("p.toml:1: 't'"), StartsWith("p.toml:2: 'f'"),
                  StartsWith("p.toml:3: 'd'"), StartsWith("p.toml:4: 's'")));
}

TEST_F(SectionTest, ADurationIsPositiveAndAtMostAYear) {
  EXPECT_EQ(Of("d = '8760h'").Duration("d"), absl::Hours(8760));
  EXPECT_THAT(Mistakes(), IsEmpty());
  for (const char* text : {"d = '8761h'", "d = 'inf'", "d = '-1s'", "d = ''",
                           "d = '1 s'", "d = 'nan'", "d = ['1s']"}) {
    const size_t before = Mistakes().size();
    EXPECT_EQ(Of(text).Duration("d"), std::nullopt) << text;
    EXPECT_EQ(Mistakes().size(), before + 1) << text;
  }
}

TEST_F(SectionTest, UnknownKeysAreNamedWithThoseThatAreKnown) {
  Section section = Of("known = 1\nodd = 2\n");
  section.AllowOnly({"known", "other"});
  ASSERT_THAT(Mistakes(), SizeIs(1));
  EXPECT_THAT(Mistakes()[0], StartsWith("p.toml:2: "));
  EXPECT_THAT(Mistakes()[0], HasSubstr("'odd'"));
  EXPECT_THAT(Mistakes()[0], HasSubstr("[test]"));
  EXPECT_THAT(Mistakes()[0], HasSubstr("known, other"));
}

TEST_F(SectionTest, StringsAreOneOrAList) {
  const auto one = Of("s = 'a'").Strings("s");
  ASSERT_THAT(one, SizeIs(1));
  EXPECT_EQ(one[0].text, "a");
  const auto list = Of("s = ['a',\n'b']").Strings("s");
  ASSERT_THAT(list, SizeIs(2));
  EXPECT_EQ(list[1].text, "b");
  EXPECT_EQ(list[1].where.begin.line, 2u);
  EXPECT_THAT(Mistakes(), IsEmpty());
}

TEST_F(SectionTest, AListKeepsItsStringsAndTellsTheRest) {
  const auto list = Of("s = ['a', 5, 'b', ['c']]").Strings("s");
  ASSERT_THAT(list, SizeIs(2));
  EXPECT_EQ(list[1].text, "b");
  EXPECT_THAT(Mistakes(), SizeIs(2));
}

TEST_F(SectionTest, AnEmptyListIsAMistake) {
  EXPECT_THAT(Of("s = []").Strings("s"), IsEmpty());
  EXPECT_THAT(Mistakes(), SizeIs(1));
}

TEST(ProblemsTest, NoneIsNoError) {
  EXPECT_TRUE(Problems("p.toml").ToStatus().ok());
}

TEST(ProblemsTest, ManyAreCutAndCounted) {
  Problems problems("p.toml");
  for (int i = 0; i < 25; i++) {
    problems.Add(toml::source_region(), "mistake ", i);
  }
  const absl::Status status = problems.ToStatus();
  EXPECT_EQ(KindOf(status), ErrorKind::kBadPolicy);
  const std::vector<std::string> lines = absl::StrSplit(status.message(), '\n');
  ASSERT_THAT(lines, SizeIs(21));
  EXPECT_THAT(lines[19], HasSubstr("mistake 19"));
  EXPECT_THAT(lines[20], HasSubstr("5 more"));
}

}  // namespace
}  // namespace klpx
