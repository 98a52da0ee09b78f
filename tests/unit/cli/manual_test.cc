// SPDX-License-Identifier: GPL-2.0
#include "controller/cli/manual.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "controller/cli/verbs.h"
#include "controller/core/base/exit_codes.h"
#include "controller/core/preflight/finding.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

std::string Template() {
  std::ostringstream page;
  page << std::ifstream(TEST_MAN_PAGE).rdbuf();
  return page.str();
}

TEST(ManualTest, HasEveryVerbWithItsSummary) {
  const std::string manual = Manual(Template()).value();
  for (const Verb& verb : Verbs()) {
    EXPECT_THAT(manual, HasSubstr(absl::StrCat("\\fB", verb.name, "\\fR")));
  }
  EXPECT_THAT(manual, HasSubstr(".TP\n\\fBenable\\fR, \\fBload\\fR "
                                "\\fIPATCH\\fR ...\nLoad a patch"));
  EXPECT_THAT(manual, HasSubstr("\\fBpolicy\\fR [\\fIACTION\\fR] "
                                "[\\fIFILE\\fR]\n"));
}

TEST(ManualTest, HasTheTables) {
  const std::string manual = Manual(Template()).value();
  for (const ErrorRow& row : kErrorTable) {
    EXPECT_THAT(manual, HasSubstr(absl::StrCat("\n", row.exit_code, "\t",
                                               row.code, "\t")));
  }
  for (const FindingRow& row : kFindingTable) {
    EXPECT_THAT(manual, HasSubstr(absl::StrCat("\t", row.word, "\t")));
  }
}

TEST(ManualTest, RefusesADirectiveThatNamesNothing) {
  const absl::Status status =
      Manual(absl::StrCat(Template(), ".\\\" @verb fly\n")).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("@verb fly"));
}

TEST(ManualTest, RefusesAVerbWithoutText) {
  const absl::Status status =
      Manual(absl::StrReplaceAll(Template(), {{".\\\" @verb wait\n", ""}}))
          .status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("@verb wait"));
}

TEST(ManualTest, RefusesAFlagThatAppearsTwice) {
  const absl::Status status =
      Manual(absl::StrCat(Template(), ".\\\" @flag --timeout\n")).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("twice"));
}

}  // namespace
}  // namespace klpx
