// SPDX-License-Identifier: GPL-2.0
#include "controller/core/preflight/finding.h"

#include <gtest/gtest.h>

#include <set>

#include "controller/core/base/error.h"

namespace klpx {
namespace {

Finding Of(FindingCode code) { return {code, "", "", "found", "advice"}; }

TEST(FindingTest, RowsAreInTheOrderOfTheirCodes) {
  for (const FindingRow& row : kFindingTable) {
    EXPECT_EQ(&RowOf(row.code), &row) << row.word;
  }
}

TEST(FindingTest, NoTwoCodesShareAWord) {
  std::set<absl::string_view> words;
  for (const FindingRow& row : kFindingTable) {
    EXPECT_TRUE(words.insert(row.word).second) << row.word;
  }
}

TEST(FindingTest, OnlyFatalFindingsRefuse) {
  EXPECT_TRUE(FirstFatal({Of(FindingCode::kStacked)}).ok());
  const absl::Status status =
      FirstFatal({Of(FindingCode::kStacked), Of(FindingCode::kNotTraceable),
                  Of(FindingCode::kNameTaken)});
  EXPECT_EQ(KindOf(status), ErrorKind::kNotTraceable);
  EXPECT_EQ(status.message(), "found; advice");
}

TEST(FindingTest, IsMadeFromAnError) {
  const Finding finding = FindingOf(
      FindingCode::kNameTaken, Error(ErrorKind::kNameTaken, "a; b; do this"));
  EXPECT_EQ(finding.found, "a; b");
  EXPECT_EQ(finding.advice, "do this");
}

TEST(FindingTest, IsMadeFromAnErrorWithoutAdvice) {
  const Finding finding = FindingOf(FindingCode::kNotAModule,
                                    Error(ErrorKind::kNotAModule, "cut off"));
  EXPECT_EQ(Sentence(finding), "cut off");
}

}  // namespace
}  // namespace klpx
