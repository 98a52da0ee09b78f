// SPDX-License-Identifier: GPL-2.0
// Writes the snapshot, from which unprivileged readers show the machine: the
// documents of status, list, blocking and history in one file.
#ifndef KLPX_CONTROLLER_DAEMON_SNAPSHOT_JOB_H_
#define KLPX_CONTROLLER_DAEMON_SNAPSHOT_JOB_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "controller/core/base/run_files.h"
#include "controller/daemon/job.h"
#include "controller/daemon/rules.h"
#include "controller/ops/boot/boot_files.h"
#include "controller/ops/transition/supervisor.h"

namespace klpx {

inline constexpr mode_t kSnapshotMode = 0600;

class SnapshotJob final : public Job {
 public:
  SnapshotJob(const Supervisor& supervisor, const BootFiles& boot,
              const Rules& rules, std::string version,
              std::string file = kSnapshotFile);

  absl::string_view name() const override { return "snapshot"; }
  absl::Duration Interval(const MachineState& machine) const override;
  absl::Status Step(MachineState& machine) override;

 private:
  void MarkForces(const MachineState& machine);
  std::vector<PatchState> PatchesOf(const MachineState& machine) const;
  std::string StatusDocument(const MachineState& machine) const;
  absl::StatusOr<std::string> BlockingDocument(
      const MachineState& machine) const;
  void ReadHistory(const MachineState& machine);
  absl::StatusOr<std::string> HistoryDocument();

  const Supervisor supervisor_;
  const BootFiles& boot_;
  const Rules& rules_;
  std::string version_;
  std::string file_;
  uint32_t pid_;
  Host host_;  // as of this snapshot
  absl::Time started_;
  // All as of machine.Changes() == known_changes_, and read again only when
  // that changes: they cost much more than the rest.
  bool known_ = false;
  uint64_t known_changes_ = 0;
  std::map<std::string, std::vector<ForceMark>> marks_;
  std::vector<std::string> notes_;
  absl::StatusOr<std::string> history_ = absl::UnavailableError("not read yet");
  absl::Duration history_read_ = -absl::InfiniteDuration();
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_SNAPSHOT_JOB_H_
