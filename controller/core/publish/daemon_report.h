// SPDX-License-Identifier: GPL-2.0
// What the daemon publishes: systemd's STATUS= line, and the snapshot file
// (klp.snapshot.v1, docs/DAEMON.md) built from documents of other reports.
#ifndef KLPX_CONTROLLER_CORE_PUBLISH_DAEMON_REPORT_H_
#define KLPX_CONTROLLER_CORE_PUBLISH_DAEMON_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/machine.h"

namespace klpx {

struct MovingStanding {
  std::string patch;
  size_t blockers = 0;
  absl::Duration elapsed;
};

struct DaemonStanding {
  size_t patches = 0;
  std::vector<MovingStanding> moving;
  bool reversal_stalled = false;
  std::string trouble;  // what the daemon cannot do; "" if nothing
};

// "2 patches, 1 in transition, 3 tasks blocking: fix, 12 s".
std::string DaemonStatusLine(const DaemonStanding& standing);

struct SnapshotHead {
  Host host;
  std::string version;
  uint32_t pid = 0;
  absl::Time started;
  absl::Duration interval;  // until the next snapshot
  bool reversal_stalled = false;
  std::string trouble;
};

// A complete JSON document, or the reason why there is none.
struct SnapshotPart {
  absl::string_view name;
  absl::StatusOr<std::string> document;
};

std::string SnapshotJson(const SnapshotHead& head,
                         const std::vector<SnapshotPart>& parts);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PUBLISH_DAEMON_REPORT_H_
