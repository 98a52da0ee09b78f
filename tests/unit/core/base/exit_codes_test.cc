// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/exit_codes.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace klpx {
namespace {

TEST(ExitCodesTest, RowsAreInTheOrderOfTheirKinds) {
  for (const ErrorRow& row : kErrorTable) {
    EXPECT_EQ(&RowOf(row.kind), &row) << row.code;
  }
}

TEST(ExitCodesTest, NoTwoKindsShareACode) {
  std::set<int> exit_codes;
  std::set<std::string> codes;
  for (const ErrorRow& row : kErrorTable) {
    EXPECT_TRUE(exit_codes.insert(row.exit_code).second) << row.code;
    EXPECT_TRUE(codes.insert(std::string(row.code)).second) << row.code;
  }
}

// Scripts rely on these numbers, so they never change.
TEST(ExitCodesTest, NumbersDoNotChange) {
  EXPECT_EQ(RowOf(ErrorKind::kFailure).exit_code, 1);
  EXPECT_EQ(RowOf(ErrorKind::kUsage).exit_code, 2);
  EXPECT_EQ(RowOf(ErrorKind::kStillRunning).exit_code, 3);
  EXPECT_EQ(RowOf(ErrorKind::kNotPermitted).exit_code, 4);
  EXPECT_EQ(RowOf(ErrorKind::kNoSuchPatch).exit_code, 5);
  EXPECT_EQ(RowOf(ErrorKind::kRefused).exit_code, 6);
  EXPECT_EQ(RowOf(ErrorKind::kReversed).exit_code, 7);
  EXPECT_EQ(RowOf(ErrorKind::kNotAModule).exit_code, 10);
  EXPECT_EQ(RowOf(ErrorKind::kForeignKernel).exit_code, 11);
  EXPECT_EQ(RowOf(ErrorKind::kNotAPatch).exit_code, 12);
  EXPECT_EQ(RowOf(ErrorKind::kUnknownFunction).exit_code, 13);
  EXPECT_EQ(RowOf(ErrorKind::kAmbiguousFunction).exit_code, 14);
  EXPECT_EQ(RowOf(ErrorKind::kNotTraceable).exit_code, 15);
  EXPECT_EQ(RowOf(ErrorKind::kFunctionOwned).exit_code, 16);
  EXPECT_EQ(RowOf(ErrorKind::kNameTaken).exit_code, 17);
  EXPECT_EQ(RowOf(ErrorKind::kTransitionRunning).exit_code, 18);
  EXPECT_EQ(RowOf(ErrorKind::kKernelLacks).exit_code, 19);
  EXPECT_EQ(RowOf(ErrorKind::kNoEngine).exit_code, 20);
  EXPECT_EQ(RowOf(ErrorKind::kBpfRefused).exit_code, 21);
  EXPECT_EQ(RowOf(ErrorKind::kBadPolicy).exit_code, 22);
}

}  // namespace
}  // namespace klpx
