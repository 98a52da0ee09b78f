// SPDX-License-Identifier: GPL-2.0
// Writes the snapshot, from which unprivileged readers show the machine.
#include "controller/daemon/snapshot_job.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/publish/daemon_report.h"
#include "controller/core/report/report.h"
#include "controller/core/report/report_history.h"
#include "controller/ops/health/status_notes.h"
#include "controller/ops/history/forced.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/adoption.h"
#include "controller/ops/transition/actors.h"
#include "controller/sys/io/replace_file.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

// A little less than readers rely on (docs/DAEMON.md): a poll takes time.
constexpr absl::Duration kMovingInterval = absl::Milliseconds(750);
constexpr absl::Duration kIdleInterval = absl::Milliseconds(4500);
constexpr absl::Duration kHistoryIdleInterval = absl::Seconds(60);
constexpr absl::Duration kHistoryMovingInterval = absl::Seconds(5);
constexpr uint64_t kTransitions = 100;
// Limit of the history document; fewer transitions are written if the newest
// ones do not fit.
constexpr size_t kHistoryBytes = size_t{8} << 20;

}  // namespace

SnapshotJob::SnapshotJob(const Supervisor& supervisor, const BootFiles& boot,
                         const Rules& rules, std::string version,
                         std::string file)
    : supervisor_(supervisor),
      boot_(boot),
      rules_(rules),
      version_(std::move(version)),
      file_(std::move(file)),
      pid_(static_cast<uint32_t>(getpid())),
      host_(supervisor.kernel.ReadHost()),
      started_(host_.time) {
  RemoveStrays(file_);
}

absl::Duration SnapshotJob::Interval(const MachineState& machine) const {
  return machine.Moves() ? kMovingInterval : kIdleInterval;
}

void SnapshotJob::MarkForces(const MachineState& machine) {
  std::vector<PatchState> patches = machine.patches;
  MarkForced(supervisor_.recorder, patches);
  marks_.clear();
  for (PatchState& patch : patches) {
    marks_[patch.name] = std::move(patch.forces);
  }
}

std::vector<PatchState> SnapshotJob::PatchesOf(
    const MachineState& machine) const {
  std::vector<PatchState> patches = machine.patches;
  for (PatchState& patch : patches) {
    const auto found = marks_.find(patch.name);
    if (found == marks_.end()) continue;
    patch.forces = found->second;
  }
  return patches;
}

std::string SnapshotJob::StatusDocument(const MachineState& machine) const {
  StatusReport report;
  report.host = host_;
  report.engine_abi = EngineAbi(supervisor_.kernel);
  report.kernel_engine = HasEngine(supervisor_.kernel, Engine::kKernel);
  report.adopts = Adopts(supervisor_.kernel);
  report.patches = PatchesOf(machine);
  report.blockers = machine.Blockers();
  report.losses = machine.losses;
  report.observer_error = machine.observer_error;
  report.notes = notes_;
  report.daemon = true;
  Actors actors =
      ReadActors(supervisor_.kernel, supervisor_.ownership, boot_.run_dir);
  actors.daemon = true;
  actors.deadline = rules_.deadline();
  report.next = NextActs(supervisor_.kernel, report.patches, actors);
  return StatusJson(report);
}

absl::StatusOr<std::string> SnapshotJob::BlockingDocument(
    const MachineState& machine) const {
  std::vector<PatchState> moving = machine.Moving();
  if (!moving.empty() && !machine.losses) {
    return Error(ErrorKind::kBpfRefused, machine.observer_error);
  }
  BlockingReport report;
  report.host = host_;
  if (!moving.empty()) {
    report.patch = std::move(moving.front());
    moving.erase(moving.begin());
    report.others = std::move(moving);
  }
  report.blockers = machine.Blockers();
  report.losses = machine.losses;
  report.verbose = true;
  return BlockingJson(report, /*one_line=*/true);
}

absl::StatusOr<std::string> SnapshotJob::HistoryDocument() {
  auto store = OpenReconciled(supervisor_.recorder, supervisor_.recorder.path);
  if (absl::IsNotFound(store.status())) return HistoryJson(host_, {});
  if (!store.ok()) return store.status();
  HistoryFilter filter;
  filter.whole = true;
  for (filter.limit = kTransitions;; filter.limit /= 2) {
    const auto records = store->Query(filter);
    if (!records.ok()) return records.status();
    std::string document = HistoryJson(host_, *records);
    if (document.size() <= kHistoryBytes || filter.limit <= 1) return document;
  }
}

void SnapshotJob::ReadHistory(const MachineState& machine) {
  const bool changed = !known_ || machine.Changes() != known_changes_;
  // A note may contain a remaining time, so it is refreshed.
  const absl::Duration interval = machine.Moves() || !notes_.empty()
                                      ? kHistoryMovingInterval
                                      : kHistoryIdleInterval;
  if (!changed && machine.now - history_read_ < interval) return;
  if (changed) MarkForces(machine);
  notes_ = StatusNotes(supervisor_.kernel, supervisor_.console,
                       supervisor_.recorder, boot_);
  history_ = HistoryDocument();
  history_read_ = machine.now;
  known_ = true;
  known_changes_ = machine.Changes();
}

absl::Status SnapshotJob::Step(MachineState& machine) {
  host_ = supervisor_.kernel.ReadHost();
  ReadHistory(machine);
  SnapshotHead head;
  head.host = host_;
  head.version = version_;
  head.pid = pid_;
  head.started = started_;
  head.interval = Interval(machine);
  head.reversal_stalled = machine.ReversalStalled();
  head.trouble = rules_.mistake();
  return ReplaceFile(
      file_,
      SnapshotJson(head, {{"status", StatusDocument(machine)},
                          {"list", ListJson(host_, PatchesOf(machine))},
                          {"blocking", BlockingDocument(machine)},
                          {"history", history_}}),
      {.mode = kSnapshotMode, .group = kReaderGroup});
}

}  // namespace klpx
