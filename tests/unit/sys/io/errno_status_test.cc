// SPDX-License-Identifier: GPL-2.0
#include "controller/sys/io/errno_status.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "controller/core/base/error.h"

namespace klpx {
namespace {

TEST(ErrnoStatusTest, KeepsItsErrno) {
  const absl::Status status = ErrnoError(EBUSY, "write x");
  EXPECT_EQ(ErrnoOf(status), EBUSY);
  EXPECT_EQ(status.message(), "write x: Device or resource busy");
}

TEST(ErrnoStatusTest, TellsPermissionErrors) {
  EXPECT_EQ(KindOf(ErrnoError(EACCES, "x")), ErrorKind::kNotPermitted);
  EXPECT_EQ(KindOf(ErrnoError(EPERM, "x")), ErrorKind::kNotPermitted);
  EXPECT_EQ(KindOf(ErrnoError(EIO, "x")), ErrorKind::kFailure);
}

TEST(ErrnoStatusTest, SurvivesAnnotateAndWithKind) {
  const absl::Status status = Annotate(ErrnoError(EBUSY, "write x"), "'fix'");
  EXPECT_EQ(ErrnoOf(status), EBUSY);
  const absl::Status other = WithKind(status, ErrorKind::kNameTaken);
  EXPECT_EQ(ErrnoOf(other), EBUSY);
  EXPECT_EQ(KindOf(other), ErrorKind::kNameTaken);
}

TEST(ErrnoStatusTest, IsZeroForOtherErrors) {
  EXPECT_EQ(ErrnoOf(absl::InternalError("x")), 0);
  EXPECT_EQ(ErrnoOf(absl::OkStatus()), 0);
}

}  // namespace
}  // namespace klpx
