// SPDX-License-Identifier: GPL-2.0
// Looks at the machine for top: what 'status', 'blocking' and 'history' read,
// at a cost that is bounded however many tasks block. Changes nothing but, once
// in a transition, asks the engine to say again who blocks, as 'blocking' does;
// and what it sees of a transition goes into the history.
#ifndef KLPX_CONTROLLER_TUI_LOOK_H_
#define KLPX_CONTROLLER_TUI_LOOK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "controller/ops/kernel/context.h"
#include "controller/sys/bpf/function_places.h"
#include "controller/view/sample.h"

namespace klpx {

class Looker {
 public:
  explicit Looker(Context& context) : context_(context) {}

  std::shared_ptr<const Sample> Look();

  // One task with its stack.
  TaskDetail ReadTask(const klpx_task_key& key);

 private:
  using TaskKey = std::tuple<uint32_t, int32_t, uint64_t>;
  struct ProcFacts {
    std::string cgroup;
    std::string cmdline;
  };

  absl::Status ReadTasks(const PatchState& patch, Sample& sample);
  void Record(const PatchState& patch, const Sample& sample);
  void AddKnownFacts(std::vector<Blocker>& blockers);
  void LearnFacts(const std::vector<Blocker>& blockers);
  void ReadHistory(Sample& sample);

  Context& context_;
  FunctionPlacesReader places_;
  // For the history; what is said of it does not go to the screen.
  std::ostringstream aside_;
  std::optional<Context> recording_;
  std::pair<std::string, int64_t> recorded_;  // patch and start
  // Attached when a transition is first seen.
  std::unique_ptr<BlockerSource> source_;
  // Of tasks that block: /proc is read once a task, some tasks a look.
  std::map<TaskKey, ProcFacts> facts_;
  // The history, read again when the engine remembers something new.
  bool history_known_ = false;
  std::string remembered_;
  std::vector<TransitionRecord> history_;
  std::string history_missing_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_TUI_LOOK_H_
