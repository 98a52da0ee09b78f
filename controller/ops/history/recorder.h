// SPDX-License-Identifier: GPL-2.0
// What record.h keeps of the history while a verb runs, or while the daemon
// watches one engine: it deals with one transition at a time.
#ifndef KLPX_CONTROLLER_OPS_HISTORY_RECORDER_H_
#define KLPX_CONTROLLER_OPS_HISTORY_RECORDER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "controller/core/base/task_key.h"
#include "controller/core/history/history.h"
#include "controller/ops/console/console.h"
#include "controller/store/store.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

struct Recorder {
  Kernel& kernel;         // the times, and how transitions have ended
  Console& console;       // for the warning that something is not recorded
  std::string path = {};  // "": nothing is recorded
  std::string verb = {};
  std::string by = "cli";    // as in Initiator
  Initiator initiator = {};  // read when it is first needed
  std::optional<HistoryStore> store = {};
  bool broken = false;     // it has failed, and a warning was printed
  int64_t announced = 0;   // by this process, and not known to have started
  int64_t id = 0;          // the transition that this process deals with
  std::string patch = {};  // watched since its transition began
  std::map<klpx_task_key, BlockerRecord> seen = {};  // the blockers
  uint64_t pending = 0;
  WatchSpan watched = {};
  bool unsaved = false;
  int64_t flushed_ns = 0;
  int64_t force_ns = 0;
  // The kernel's counters before the patch was enabled (health_check.h).
  std::string evidence = {};
  absl::Duration evidence_time = {};
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_HISTORY_RECORDER_H_
