// SPDX-License-Identifier: GPL-2.0
// System call errors as absl::Status that keep their errno.
#include "controller/sys/io/errno_status.h"

#include <cerrno>
#include <cstring>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "controller/core/base/error.h"

namespace klpx {
namespace {

constexpr absl::string_view kPayload = "klpx/errno";

}  // namespace

absl::Status ErrnoError(int error_number, absl::string_view what) {
  const bool denied = error_number == EPERM || error_number == EACCES;
  absl::Status status =
      Error(denied ? ErrorKind::kNotPermitted : ErrorKind::kFailure, what, ": ",
            strerror(error_number));
  status.SetPayload(kPayload, absl::Cord(absl::StrCat(error_number)));
  return status;
}

int ErrnoOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayload);
  int error_number = 0;
  if (!payload.has_value() ||
      !absl::SimpleAtoi(std::string(*payload), &error_number)) {
    return 0;
  }
  return error_number;
}

}  // namespace klpx
