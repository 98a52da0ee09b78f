// SPDX-License-Identifier: GPL-2.0
// Samples the machine for top: reads what 'status', 'blocking' and 'history'
// read, at a bounded cost however many tasks block. Changes nothing, except
// that once per transition it asks the engine to report the blocking tasks
// again, as 'blocking' does, and that it records what it sees in the history.
#ifndef KLPX_CONTROLLER_TUI_SAMPLER_H_
#define KLPX_CONTROLLER_TUI_SAMPLER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "controller/core/base/task_key.h"
#include "controller/ops/console/console.h"
#include "controller/ops/history/recorder.h"
#include "controller/sys/bpf/blocker_source.h"
#include "controller/sys/bpf/function_places.h"
#include "controller/sys/proc/kernel.h"
#include "controller/view/sample.h"

namespace klpx {

class Sampler {
 public:
  Sampler(Kernel& kernel, ObserverAccess& observer, Recorder& recorder)
      : kernel_(kernel), observer_(observer), recorder_(recorder) {}

  std::shared_ptr<const Sample> TakeSample();

  // One task with its stack.
  TaskDetail ReadTask(const klpx_task_key& key);

 private:
  struct ProcFacts {
    std::string cgroup;
    std::string cmdline;
  };

  absl::Status ReadTasks(const PatchState& patch, Sample& sample);
  void Record(const PatchState& patch, const Sample& sample);
  void AddKnownFacts(std::vector<Blocker>& blockers);
  void LearnFacts(const std::vector<Blocker>& blockers);
  void ReadHistory(Sample& sample);

  Kernel& kernel_;
  ObserverAccess& observer_;
  Recorder& recorder_;  // for reading the history
  FunctionPlacesReader places_;
  // For recording in the history; its messages must not go to the screen.
  std::ostringstream aside_;
  Console aside_console_ = {aside_, aside_};
  std::optional<Recorder> recording_;
  std::pair<std::string, int64_t> recorded_;  // patch and start
  // Attached when a transition is first seen.
  std::unique_ptr<BlockerSource> source_;
  // Facts about blocking tasks. /proc is read once per task, for a limited
  // number of tasks per sample.
  std::map<klpx_task_key, ProcFacts> facts_;
  // The history, read again when the engine's memory has changed.
  bool history_known_ = false;
  std::string remembered_;
  std::vector<TransitionRecord> history_;
  std::string history_missing_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_TUI_SAMPLER_H_
