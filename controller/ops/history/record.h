// SPDX-License-Identifier: GPL-2.0
// The verbs' hand on the history: what is about to be done, what was seen, what
// came of it. Nothing here can fail a verb: the first failure is a warning, and
// the rest goes unrecorded. A context without a path records nothing.
//
// In the order of a transition's life. A controller that is killed in between
// leaves what the next one needs: every call first settles what is open.
#ifndef KLPX_CONTROLLER_OPS_HISTORY_RECORD_H_
#define KLPX_CONTROLLER_OPS_HISTORY_RECORD_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/core/preflight/finding.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// The engine is about to be asked for a transition.
struct Announcement {
  std::string patch;
  Engine engine = Engine::kKlpx;
  bool patching = true;
  std::string model;
  std::vector<std::string> replaces;
  Findings findings;  // of the preflight
};
void RecordAnnouncement(Context& context, const Announcement& announcement);

// It has refused.
void RecordRefusal(Context& context);

// The patch is in transition, or was a moment ago: what is recorded from here
// on belongs to that transition.
void RecordStart(Context& context, const std::string& patch);

// "signal", "reverse", "gave-up", ...; text as in HistoryEvent.
void RecordEvent(Context& context, absl::string_view kind,
                 absl::string_view text);

// The same, of another transition than this process deals with (0: of none),
// and once for each kind.
void RecordOnce(Context& context, int64_t transition, absl::string_view kind,
                absl::string_view text);

// Who is in the way, looked at as often as the caller likes.
void RecordBlockers(Context& context, BlockerSource& source,
                    const PatchState& patch,
                    const std::vector<Blocker>& blockers);

// Tasks are about to be forced, with their stacks; and what came of it. `into`:
// where the transition goes now, into the patch or out of it.
void RecordForces(Context& context, const std::vector<Blocker>& tasks,
                  std::optional<bool> into);
void RecordForced(Context& context, const std::vector<Blocker>& tasks,
                  absl::string_view what, std::optional<bool> into, bool done);

// Nobody waits any longer.
void RecordEnd(Context& context);

// The same, of the kernel's own engine, which does not say how it ended: as it
// was seen by this process.
void RecordSeenEnd(Context& context, const RecentTransition& seen);

// For readers: the history, brought up to date if it may be. kNotFound if there
// is none.
absl::StatusOr<HistoryStore> OpenSettled(Context& context,
                                         const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_HISTORY_RECORD_H_
