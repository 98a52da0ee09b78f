// SPDX-License-Identifier: GPL-2.0
// Records every transition in the history, however it was started, and reports
// it to the journal.
#ifndef KLPX_CONTROLLER_DAEMON_HISTORY_JOB_H_
#define KLPX_CONTROLLER_DAEMON_HISTORY_JOB_H_

#include <cstdint>
#include <string>
#include <vector>

#include "controller/daemon/job.h"
#include "controller/ops/history/recorder.h"

namespace klpx {

class HistoryJob final : public Job {
 public:
  // Handles the transitions of one engine, with a recorder of its own.
  HistoryJob(Recorder& recorder, Engine engine)
      : recorder_(recorder), engine_(engine) {}

  absl::string_view name() const override { return "history"; }
  absl::Duration Interval(const MachineState& machine) const override;
  absl::Status Step(MachineState& machine) override;

 private:
  void TakeFromRecord(EngineState& state);

  Recorder& recorder_;
  const Engine engine_;
  uint64_t reconciled_changes_ =
      0;  // EngineState::changes when last reconciled
  bool reconciled_ = false;
  // When to reconcile once more after a change: that adds the events that no
  // process has recorded by then.
  absl::Duration reconcile_again_ = absl::InfiniteDuration();
  int64_t current_ns_ = 0;  // start of the transition being recorded
};

class JournalJob final : public Job {
 public:
  explicit JournalJob(Engine engine) : engine_(engine) {}

  absl::string_view name() const override { return "journal"; }
  absl::Duration Interval(const MachineState& machine) const override;
  absl::Status Step(MachineState& machine) override;

 private:
  const Engine engine_;
  std::vector<RecentTransition> reported_;
  bool first_ = true;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_HISTORY_JOB_H_
