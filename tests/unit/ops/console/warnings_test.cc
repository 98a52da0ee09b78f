// SPDX-License-Identifier: GPL-2.0
// The warnings of one verb.
#include "controller/ops/console/warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class WarningsTest : public testing::Test, protected CommandTest {
 protected:
  Warnings warnings_{context.console};
};

TEST_F(WarningsTest, EachIsPrintedWhenItIsAdded) {
  warnings_.Add("a");
  EXPECT_EQ(err.str(), "klp-controller: warning: a\n");
  warnings_.Add(std::vector<std::string>{"b", "c"});
  EXPECT_EQ(err.str(),
            "klp-controller: warning: a\nklp-controller: warning: b\n"
            "klp-controller: warning: c\n");
}

TEST_F(WarningsTest, StandInTheReportInTheirOrder) {
  EXPECT_THAT(warnings_.lines(), IsEmpty());
  warnings_.Add("a");
  warnings_.AddNote("b");
  EXPECT_THAT(warnings_.lines(), ElementsAre("a", "b"));
}

TEST_F(WarningsTest, ANoteIsPrintedAsOne) {
  warnings_.AddNote("a");
  EXPECT_EQ(err.str(), "klp-controller: note: a\n");
}

TEST_F(WarningsTest, AFindingIsAWarningOrANote) {
  warnings_.AddFindings({{FindingCode::kProbeInside, "", "", "a", ""},
                         {FindingCode::kStacked, "", "", "b", ""}});
  EXPECT_THAT(err.str(), AllOf(HasSubstr("warning: a"), HasSubstr("note: b")));
  EXPECT_THAT(warnings_.lines(), SizeIs(2));
}

TEST_F(WarningsTest, WithJsonTheyStandInTheReportOnly) {
  context.console.style.json = true;
  warnings_.Add("a");
  EXPECT_EQ(err.str(), "");
  EXPECT_THAT(warnings_.lines(), ElementsAre("a"));
}

}  // namespace
}  // namespace klpx
