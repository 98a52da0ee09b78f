// SPDX-License-Identifier: GPL-2.0
// The tables (docs/HISTORY.md) and the steps that create them: a new file gets
// all of them, an older one the missing ones. A file of another program, or of
// a newer klpx, is left alone.
#ifndef KLPX_CONTROLLER_STORE_SCHEMA_H_
#define KLPX_CONTROLLER_STORE_SCHEMA_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "controller/store/database.h"

namespace klpx {

// In the header of the file: "klpx".
inline constexpr int64_t kHistoryApplicationId = 0x6b6c7078;

// Step n turns version n - 1 into version n. Steps are never changed.
absl::Span<const absl::string_view> HistorySteps();

// OK if the database is empty, or a history of a version up to `steps`.
absl::Status CheckHistory(Database& database, size_t steps);

// Brings the file to the version of the last step, or leaves it as it was.
absl::Status MigrateHistory(Database& database,
                            absl::Span<const absl::string_view> steps);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_STORE_SCHEMA_H_
