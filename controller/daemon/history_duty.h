// SPDX-License-Identifier: GPL-2.0
// Records every transition in the history, however it was started, and reports
// it to the journal.
#ifndef KLPX_CONTROLLER_DAEMON_HISTORY_DUTY_H_
#define KLPX_CONTROLLER_DAEMON_HISTORY_DUTY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "controller/daemon/duty.h"
#include "controller/ops/history/recorder.h"

namespace klpx {

class HistoryDuty final : public Duty {
 public:
  // Handles the transitions of one engine, with a recorder of its own.
  HistoryDuty(Recorder& recorder, Engine engine)
      : recorder_(recorder), engine_(engine) {}

  absl::string_view name() const override { return "history"; }
  absl::Duration Interval(const View& view) const override;
  absl::Status Step(View& view) override;

 private:
  void TakeFromRecord(EngineView& part);

  Recorder& recorder_;
  const Engine engine_;
  uint64_t settled_changes_ = 0;  // EngineView::changes when last settled
  bool settled_ = false;
  // When to settle once more after a change: that adds the events that no
  // process has recorded by then.
  absl::Duration settle_again_ = absl::InfiniteDuration();
  int64_t current_ns_ = 0;  // start of the transition being recorded
};

class JournalDuty final : public Duty {
 public:
  explicit JournalDuty(Engine engine) : engine_(engine) {}

  absl::string_view name() const override { return "journal"; }
  absl::Duration Interval(const View& view) const override;
  absl::Status Step(View& view) override;

 private:
  const Engine engine_;
  std::vector<RecentTransition> told_;
  bool first_ = true;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_HISTORY_DUTY_H_
