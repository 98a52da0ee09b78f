// SPDX-License-Identifier: GPL-2.0
// An absl::Status that also knows its row of the exit code table: the word of
// the row is stored as a payload.
#include "controller/core/base/error.h"

#include "absl/strings/cord.h"
#include "absl/types/optional.h"

namespace klpx {
namespace {

constexpr absl::string_view kPayload = "klpx/error";

void SetKind(absl::Status& status, ErrorKind kind) {
  status.SetPayload(kPayload, absl::Cord(RowOf(kind).code));
}

// Keeps other payloads, such as the errno of a system call (sys/).
void CopyPayloads(const absl::Status& from, absl::Status& to) {
  from.ForEachPayload([&to](absl::string_view url, const absl::Cord& payload) {
    to.SetPayload(url, payload);
  });
}

}  // namespace

absl::Status MakeError(ErrorKind kind, absl::string_view message) {
  absl::Status status(absl::StatusCode::kFailedPrecondition, message);
  SetKind(status, kind);
  return status;
}

ErrorKind KindOf(const absl::Status& status) {
  const absl::optional<absl::Cord> code = status.GetPayload(kPayload);
  if (!code.has_value()) return ErrorKind::kFailure;
  for (const ErrorRow& row : kErrorTable) {
    if (*code == row.code) return row.kind;
  }
  return ErrorKind::kFailure;
}

int ExitCodeOf(const absl::Status& status) {
  return status.ok() ? 0 : RowOf(KindOf(status)).exit_code;
}

absl::Status Annotate(const absl::Status& status, absl::string_view prefix) {
  if (status.ok()) return status;
  absl::Status annotated(status.code(),
                         absl::StrCat(prefix, ": ", status.message()));
  CopyPayloads(status, annotated);
  SetKind(annotated, KindOf(status));
  return annotated;
}

absl::Status WithDefaultKind(const absl::Status& status, ErrorKind kind) {
  return KindOf(status) == ErrorKind::kFailure ? WithKind(status, kind)
                                               : status;
}

absl::Status WithKind(const absl::Status& status, ErrorKind kind) {
  if (status.ok()) return status;
  absl::Status other(absl::StatusCode::kFailedPrecondition, status.message());
  CopyPayloads(status, other);
  SetKind(other, kind);
  return other;
}

}  // namespace klpx
