// SPDX-License-Identifier: GPL-2.0
// klp.snapshot.v1, what the daemon writes and the web page, the metrics and
// whoever else read: the documents of the verbs, as they were at one moment.
// Made for a file that anybody may have written, or half of it.
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
#include "controller/core/base/model.h"

namespace klpx {

inline constexpr absl::string_view kSnapshotSchema = "klp.snapshot.v1";
// 20,000 blockers with their stacks are 40 MiB.
inline constexpr size_t kLargestSnapshotBytes = size_t{128} << 20;
inline constexpr int kDeepestSnapshot = 32;
// Written every 5 s at rest: after three that did not come it is stale.
inline constexpr absl::Duration kStaleAfter = absl::Seconds(15);

struct Snapshot {
  Host host;
  // null for what could not be had, or is not there.
  Json status;
  Json list;
  Json blocking;
  Json history;
  Json daemon;
  Json errors;  // member -> text; an object
};

// Fails with what was found, where, and who should have written it.
absl::StatusOr<Snapshot> ParseSnapshot(absl::string_view text);

// How old it is now, on a host that is at `now`. Of the same boot the monotonic
// clock tells; a set-back wall clock does not make it fresh.
absl::Duration SnapshotAge(const Snapshot& snapshot, const Host& now);

bool IsOfThisBoot(const Snapshot& snapshot, const Host& now);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PUBLISH_SNAPSHOT_H_
