// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/error.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

TEST(ErrorTest, KeepsItsKind) {
  for (const ErrorRow& row : kErrorTable) {
    EXPECT_EQ(KindOf(MakeError(row.kind, "x")), row.kind);
    EXPECT_EQ(ExitCodeOf(MakeError(row.kind, "x")), row.exit_code);
  }
}

TEST(ErrorTest, IsAFailureIfMadeElsewhere) {
  EXPECT_EQ(KindOf(absl::InternalError("x")), ErrorKind::kFailure);
}

TEST(ErrorTest, SuccessExitsWithZero) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), 0);
}

TEST(ErrorTest, AnnotationKeepsTheKind) {
  const absl::Status status =
      Annotate(MakeError(ErrorKind::kNameTaken, "taken"), "'a'");
  EXPECT_EQ(KindOf(status), ErrorKind::kNameTaken);
  EXPECT_EQ(status.message(), "'a': taken");
}

TEST(ErrorTest, AnnotationOfSuccessIsSuccess) {
  EXPECT_TRUE(Annotate(absl::OkStatus(), "'a'").ok());
}

TEST(ErrorTest, ADefaultKindDoesNotReplaceAKind) {
  for (const ErrorKind kind : {ErrorKind::kNotPermitted, ErrorKind::kNoEngine,
                               ErrorKind::kKernelLacks}) {
    EXPECT_EQ(
        KindOf(WithDefaultKind(MakeError(kind, "x"), ErrorKind::kBpfRefused)),
        kind);
  }
  EXPECT_EQ(KindOf(WithDefaultKind(absl::UnavailableError("x"),
                                   ErrorKind::kBpfRefused)),
            ErrorKind::kBpfRefused);
  EXPECT_TRUE(WithDefaultKind(absl::OkStatus(), ErrorKind::kBpfRefused).ok());
}

TEST(ErrorTest, WithKindKeepsTheMessage) {
  const absl::Status status =
      WithKind(absl::InternalError("no"), ErrorKind::kBpfRefused);
  EXPECT_EQ(KindOf(status), ErrorKind::kBpfRefused);
  EXPECT_EQ(status.message(), "no");
}

}  // namespace
}  // namespace klpx
