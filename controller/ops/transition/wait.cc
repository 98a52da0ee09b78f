// SPDX-License-Identifier: GPL-2.0
// Waits for a transition and shows its progress.
#include "controller/ops/transition/wait.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/policy/deadline.h"
#include "controller/core/policy/next_act.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/blockers.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/ops/transition/ownership.h"
#include "controller/ops/transition/progress_display.h"
#include "controller/ops/transition/push.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr absl::Duration kFirstPoll = absl::Milliseconds(5);
constexpr absl::Duration kLongestPoll = absl::Milliseconds(200);
// No progress is shown for a transition that ends within this time.
constexpr absl::Duration kQuietStart = absl::Milliseconds(300);
// How long to wait for the directory of a disabled patch to disappear after the
// transition has ended.
constexpr absl::Duration kRemovalTimeout = absl::Seconds(10);

// Polls the blocking tasks, for the display and for the history.
class BlockerPoller {
 public:
  BlockerPoller(const Supervisor& supervisor, std::string limit)
      : supervisor_(supervisor),
        display_(supervisor.console, std::move(limit)) {}

  // Sets the number of pending tasks if the engine does not count them.
  void Poll(PatchState& patch, absl::Duration waited) {
    if (waited < kQuietStart) return;
    if (!asked_) {
      asked_ = true;
      auto source = supervisor_.observer.Attach();
      if (source.ok()) source_ = *std::move(source);
    }
    // Without the observer the line only lacks the names.
    std::vector<Blocker> blockers;
    if (source_) {
      auto read = ReadBlockers(*source_, patch.name);
      if (read.ok()) {
        blockers = *std::move(read);
        CountPending(blockers, patch);
      }
      pending_ = patch.pending;
      RecordBlockers(supervisor_.recorder, *source_, patch, blockers);
      KickIdle(supervisor_.kernel, patch, blockers);
    }
    display_.Show(patch, blockers, waited);
  }

  // The number of tasks left at the last poll.
  std::optional<uint64_t> pending() const { return pending_; }

 private:
  const Supervisor& supervisor_;
  std::optional<uint64_t> pending_;
  ProgressDisplay display_;
  std::unique_ptr<BlockerSource> source_;
  bool asked_ = false;
};

absl::Status StillRunning(const PatchState& patch, bool patching,
                          absl::string_view why) {
  return Error(ErrorKind::kStillRunning, "'", patch.name, "': still ",
               DirectionWord(patching),
               patch.pending
                   ? absl::StrCat(", ", Count(*patch.pending, "task"), " left")
                   : "",
               " (", why,
               "); it continues in the background. See 'klp-controller "
               "blocking ",
               patch.name, "'; then ", patch.takes_signals ? "signal, " : "",
               "wait, reverse or force");
}

absl::Status Reversed(const std::string& patch, bool patching) {
  return Error(ErrorKind::kReversed, "'", patch, "': ", DirectionWord(patching),
               " was reversed from elsewhere; 'klp-controller status' shows "
               "its state");
}

std::string LimitOf(const std::string& patch, const WaitOptions& options) {
  const TimeoutAct act = options.reverse_on_timeout ? TimeoutAct::kReverse
                         : options.force_on_timeout ? TimeoutAct::kForce
                                                    : TimeoutAct::kLeave;
  return LimitLine(patch, options.timeout, act);
}

// OK when the patch has arrived, an error if it was reversed, nothing while the
// transition runs.
std::optional<absl::Status> Verdict(const std::string& name,
                                    const std::optional<PatchState>& patch,
                                    bool patching) {
  if (!patch) return patching ? Reversed(name, patching) : absl::OkStatus();
  if (patch->enabled != patching) return Reversed(name, patching);
  if (patch->transition) return std::nullopt;
  return absl::OkStatus();
}

// The number of tasks of a transition that ended before the first poll.
uint64_t SwitchedSince(Kernel& kernel, std::optional<uint64_t> before) {
  const std::optional<uint64_t> now = SwitchedTasks(kernel, Engine::kKlpx);
  return before && now && *now > *before ? *now - *before : 0;
}

// How far the transition is, on one clock: the engine's, which counts from the
// start of the transition. When the engine can no longer be asked, the time
// goes on from its last answer.
class WaitProgress {
 public:
  WaitProgress(Kernel& kernel, const std::string& patch, bool patching,
               std::optional<uint64_t> switched_before)
      : kernel_(kernel), switched_before_(switched_before) {
    last_.patch = patch;
    last_.patching = patching;
  }

  void Update(const std::optional<PatchState>& patch, absl::Duration waited) {
    if (patch) last_ = ProgressOf(*patch, {});
    if (patch && last_.counts) {
      before_wait_ = absl::Milliseconds(last_.elapsed_ms) - waited;
      return;
    }
    last_.elapsed_ms = absl::ToInt64Milliseconds(waited + before_wait_);
    if (last_.tasks == 0) {
      last_.tasks = SwitchedSince(kernel_, switched_before_);
    }
  }

  const Progress& last() const { return last_; }

 private:
  Kernel& kernel_;
  const std::optional<uint64_t> switched_before_;
  absl::Duration before_wait_ = absl::ZeroDuration();
  Progress last_;
};

// The engine removes a disabled patch's directory a moment after the end.
void AwaitRemoval(Kernel& kernel, const std::string& patch) {
  const absl::Duration start = kernel.Monotonic();
  while (ReadPatch(kernel, patch) &&
         kernel.Monotonic() - start < kRemovalTimeout) {
    kernel.Sleep(kFirstPoll);
  }
}

absl::Status ReverseNow(const Supervisor& supervisor, const std::string& patch,
                        bool patching, absl::Duration timeout) {
  const absl::Status written =
      WriteAttribute(supervisor.kernel, patch, "enabled", patching ? "0" : "1");
  if (!written.ok()) return written;
  RecordEvent(supervisor.recorder, "reverse",
              absl::StrCat("after ", absl::FormatDuration(timeout)));
  WaitOptions options;
  options.timeout = std::max(timeout, kReversalTimeout);
  const absl::StatusOr<Progress> back =
      WaitForTransition(supervisor, patch, !patching, options);
  if (KindOf(back.status()) == ErrorKind::kStillRunning) {
    return Annotate(
        back.status(),
        absl::StrCat("reversed after ", absl::FormatDuration(timeout),
                     ", but the reversal itself is held up"));
  }
  if (!back.ok()) return back.status();
  return Error(ErrorKind::kReversed, "'", patch, "': ", DirectionWord(patching),
               " not complete after ", absl::FormatDuration(timeout),
               ", reversed");
}

// 'wait' without an order for the end of its timeout only watches: it must not
// keep other processes from acting.
bool MayOwn(const Ownership& ownership, const WaitOptions& options) {
  return ownership.verb != "wait" || options.reverse_on_timeout ||
         options.force_on_timeout;
}

std::string OwnPlan(const WaitOptions& options, absl::Duration start) {
  if (options.timeout == absl::InfiniteDuration()) return "";
  const PolicyDeadline::Then then =
      options.reverse_on_timeout ? PolicyDeadline::Then::kReverse
      : options.force_on_timeout ? PolicyDeadline::Then::kForce
                                 : PolicyDeadline::Then::kWait;
  return PlanText({then, start + options.timeout});
}

absl::Status TimeIsUp(const Supervisor& supervisor, const PatchState& patch,
                      bool patching, const WaitOptions& options, bool owns) {
  if (options.reverse_on_timeout &&
      (owns || OwnerOnlyWaits(supervisor.ownership))) {
    return ReverseNow(supervisor, patch.name, patching, options.timeout);
  }
  std::string why =
      absl::StrCat("after ", absl::FormatDuration(options.timeout));
  if (options.reverse_on_timeout) {
    absl::StrAppend(&why, ", NOT reversed: ", OwnerWords(supervisor.ownership),
                    " is in charge; to reverse it now: klp-controller reverse ",
                    patch.name);
  }
  RecordEvent(supervisor.recorder, "gave-up", why);
  return StillRunning(patch, patching, why);
}

}  // namespace

WaitOptions WithDeadline(Kernel& kernel, Console& console,
                         const std::string& patch, WaitOptions options) {
  if (options.timeout != absl::InfiniteDuration()) return options;
  const absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(kernel, "");
  if (!policy.ok()) {
    Warn(console, absl::StrCat("no deadline applies, because ", kPolicyFile,
                               " cannot be used; 'klp-controller policy check' "
                               "says why"));
    return options;
  }
  if (!*policy || !(*policy)->deadline.after) return options;
  const PolicyDeadline& deadline = (*policy)->deadline;
  options.timeout = *deadline.after;
  options.reverse_on_timeout = deadline.then == PolicyDeadline::Then::kReverse;
  if (deadline.then != PolicyDeadline::Then::kForce) return options;
  options.force_on_timeout = options.may_force && MayForce(deadline, patch);
  if (!options.force_on_timeout) {
    Note(console,
         absl::StrCat(patch, ": the policy's deadline will not force it: ",
                      options.may_force ? "the policy does not name it"
                                        : "--allow-force was not given"));
  }
  return options;
}

absl::StatusOr<Progress> WaitForTransition(const Supervisor& supervisor,
                                           const std::string& name,
                                           bool patching,
                                           const WaitOptions& options) {
  Kernel& kernel = supervisor.kernel;
  const absl::Duration start = kernel.Monotonic();
  absl::Duration poll = kFirstPoll;
  bool noted = false;
  RecordStart(supervisor.recorder, name);
  const absl::Cleanup end = [&supervisor] { RecordEnd(supervisor.recorder); };
  BlockerPoller poller(supervisor, LimitOf(name, options));
  WaitProgress progress(kernel, name, patching, options.switched_before);
  for (;;) {
    std::optional<PatchState> patch = ReadPatch(kernel, name);
    const absl::Duration waited = kernel.Monotonic() - start;
    if (patch && !patch->pending) patch->pending = poller.pending();
    progress.Update(patch, waited);
    const std::optional<absl::Status> verdict = Verdict(name, patch, patching);
    if (verdict && !verdict->ok()) return *verdict;
    if (verdict) {
      if (!patching) AwaitRemoval(supervisor.kernel, name);
      return progress.last();
    }
    if (kernel.Interrupted()) {
      RecordEvent(supervisor.recorder, "gave-up", "when interrupted");
      return StillRunning(*patch, patching, "interrupted");
    }
    const bool owns =
        MayOwn(supervisor.ownership, options) && Own(supervisor.ownership);
    if (owns && !std::exchange(noted, true)) {
      NotePlan(supervisor.ownership, OwnPlan(options, start));
    }
    if (waited >= options.timeout) {
      return TimeIsUp(supervisor, *patch, patching, options, owns);
    }
    poller.Poll(*patch, waited);
    kernel.Sleep(std::min(poll, options.timeout - waited));
    poll = std::min(poll * 2, kLongestPoll);
  }
}

}  // namespace klpx
