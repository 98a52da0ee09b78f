// SPDX-License-Identifier: GPL-2.0
// How verbs write the history: what is about to be done, what was seen, what
// came of it. Nothing here can fail a verb: the first failure is a warning, and
// the rest goes unrecorded. A recorder without a path records nothing.
//
// The functions follow the life of a transition. If a controller is killed in
// between, the next one completes its records: every call first reconciles the
// open ones.
#ifndef KLPX_CONTROLLER_OPS_HISTORY_RECORD_H_
#define KLPX_CONTROLLER_OPS_HISTORY_RECORD_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/core/preflight/finding.h"
#include "controller/ops/console/console.h"
#include "controller/ops/history/recorder.h"
#include "controller/sys/bpf/blocker_source.h"

namespace klpx {

// A recorder for another transition, of the same history and in the name of the
// same verb.
Recorder AnotherRecorder(const Recorder& recorder, Console& console);

// Records that the engine is about to be asked for a transition.
struct Announcement {
  std::string patch;
  Engine engine = Engine::kKlpx;
  bool patching = true;
  std::string model;
  std::vector<std::string> replaces;
  Findings findings;  // of the preflight
};
void RecordAnnouncement(Recorder& recorder, const Announcement& announcement);

// Records that the engine has refused.
void RecordRefusal(Recorder& recorder);

// Finds the transition that the patch is in, or was in a moment ago: everything
// recorded from here on belongs to it.
void RecordStart(Recorder& recorder, const std::string& patch);

// "signal", "reverse", "gave-up", ...; text as in HistoryEvent.
void RecordEvent(Recorder& recorder, absl::string_view kind,
                 absl::string_view text);

// The same for a transition other than the one of this process (0: none); only
// one event of each kind is recorded.
void RecordOnce(Recorder& recorder, int64_t transition, absl::string_view kind,
                absl::string_view text);

// Records the blocking tasks; may be called as often as the caller likes.
void RecordBlockers(Recorder& recorder, BlockerSource& source,
                    const PatchState& patch,
                    const std::vector<Blocker>& blockers);

// Record that tasks are about to be forced, with their stacks, and whether that
// succeeded. `into`: are they forced into the patch, or out of it?
void RecordForces(Recorder& recorder, const std::vector<Blocker>& tasks,
                  std::optional<bool> into);
void RecordForced(Recorder& recorder, const std::vector<Blocker>& tasks,
                  absl::string_view what, std::optional<bool> into, bool done);

// Writes what is not yet saved: this process no longer waits.
void RecordEnd(Recorder& recorder);

// The same for the kernel's own engine, which does not report how a transition
// ended: records the end as this process saw it.
void RecordSeenEnd(Recorder& recorder, const RecentTransition& seen);

// Opens the history for reading, brought up to date first if this process may
// write it. kNotFound if there is none.
absl::StatusOr<HistoryStore> OpenReconciled(Recorder& recorder,
                                            const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_HISTORY_RECORD_H_
