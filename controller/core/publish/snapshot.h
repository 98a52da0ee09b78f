// SPDX-License-Identifier: GPL-2.0
// klp.snapshot.v1, which the daemon writes and the web page, the metrics and
// other programs read: the documents of the verbs at one moment. The reader
// trusts nothing, as the file may be truncated or written by any program.
#ifndef KLPX_CONTROLLER_CORE_PUBLISH_SNAPSHOT_H_
#define KLPX_CONTROLLER_CORE_PUBLISH_SNAPSHOT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/json.h"
#include "controller/core/base/machine.h"

namespace klpx {

inline constexpr absl::string_view kSnapshotSchema = "klp.snapshot.v1";
// 20,000 blockers with their stacks are 40 MiB.
inline constexpr size_t kLargestSnapshotBytes = size_t{128} << 20;
inline constexpr int kDeepestSnapshot = 32;
// Without changes it is written every 5 s; it is stale after three missed
// writes.
inline constexpr absl::Duration kStaleAfter = absl::Seconds(15);

struct Snapshot {
  Host host;
  // null if the document is missing.
  Json status;
  Json list;
  Json blocking;
  Json history;
  Json daemon;
  Json errors;  // member -> text; an object
};

// The error says what is wrong, where, and which service writes the file.
absl::StatusOr<Snapshot> ParseSnapshot(absl::string_view text);

// Its age on a host whose time is `now`. Within one boot the monotonic clock is
// used, so that setting back the wall clock does not make it fresh.
absl::Duration SnapshotAge(const Snapshot& snapshot, const Host& now);

bool IsOfThisBoot(const Snapshot& snapshot, const Host& now);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PUBLISH_SNAPSHOT_H_
