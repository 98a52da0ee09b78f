// SPDX-License-Identifier: GPL-2.0
// An absl::Status that also knows its row of the exit code table. Owns how the
// kind is stored in a status, not how errors are shown.
#ifndef KLPX_CONTROLLER_CORE_BASE_ERROR_H_
#define KLPX_CONTROLLER_CORE_BASE_ERROR_H_

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/exit_codes.h"

namespace klpx {

absl::Status MakeError(ErrorKind kind, absl::string_view message);

// MakeError() with a message in pieces.
template <typename... Pieces>
absl::Status Error(ErrorKind kind, const Pieces&... pieces) {
  return MakeError(kind, absl::StrCat(pieces...));
}

// kFailure for a status that was not made here.
ErrorKind KindOf(const absl::Status& status);

int ExitCodeOf(const absl::Status& status);

// The same error, of the same kind, with "prefix: " before its message.
absl::Status Annotate(const absl::Status& status, absl::string_view prefix);

// The same error, with this kind if it has none of its own.
absl::Status WithDefaultKind(const absl::Status& status, ErrorKind kind);

// The same message as another kind.
absl::Status WithKind(const absl::Status& status, ErrorKind kind);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_ERROR_H_
