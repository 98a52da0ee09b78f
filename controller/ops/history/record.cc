// SPDX-License-Identifier: GPL-2.0
// How verbs write the history.
#include "controller/ops/history/record.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/text.h"
#include "controller/ops/kernel/blockers.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/sys/proc/initiator.h"
#include "controller/sys/proc/patch_sides.h"
#include "controller/sys/proc/pid_namespace.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr char kRecentFile[] = KLPX_STATS_DIR "/recent";
constexpr absl::Duration kFlushInterval = absl::Seconds(1);
// The most stacks read at one look; reading a stack runs a BPF program.
constexpr size_t kStacksPerLook = 64;

// `watched`: this process has followed this patch until now.
EngineFacts ReadFacts(Kernel& kernel, const std::string& watched) {
  const Host host = kernel.ReadHost();
  EngineFacts facts;
  facts.boot_id = host.boot_id;
  facts.kernel = host.kernel;
  facts.now = host.time;
  facts.now_ns = host.monotonic_ns;
  const absl::StatusOr<std::string> recent = kernel.ReadFile(kRecentFile);
  if (recent.ok()) facts.recent = ParseRecent(*recent);
  facts.watched = watched;
  ReadLivepatchFacts(kernel, facts);
  return facts;
}

absl::Status ReconcileNow(Kernel& kernel, HistoryStore& store,
                          const std::string& watched = "") {
  return store.Reconcile(
      ReadFacts(kernel, watched), [&](uint32_t pid, uint64_t start) {
        // A process in another PID namespace cannot be seen from here: assume
        // that it lives.
        return ProcessStart(kernel, pid) == start || !ProcShowsAllTasks(kernel);
      });
}

// Looks up the name of the user, which can take long; verbs that only show
// never call it.
const Initiator& InitiatorOf(Recorder& recorder) {
  if (recorder.initiator.by.empty()) {
    recorder.initiator =
        ReadInitiator(recorder.kernel, recorder.by, recorder.verb);
  }
  return recorder.initiator;
}

int64_t NowNs(Kernel& kernel) {
  return absl::ToInt64Nanoseconds(kernel.Monotonic());
}

// Runs `what` on the history, if there is one; a failure ends the recording.
void Try(Recorder& recorder,
         absl::FunctionRef<absl::Status(HistoryStore&, Recorder&)> what) {
  if (recorder.path.empty() || recorder.broken) return;
  absl::Status status;
  if (!recorder.store) {
    absl::StatusOr<HistoryStore> store =
        HistoryStore::Open(recorder.path, Access::kReadWrite);
    status = store.status();
    if (store.ok()) recorder.store.emplace(*std::move(store));
  }
  if (status.ok()) status = what(*recorder.store, recorder);
  if (status.ok()) return;
  recorder.broken = true;
  Warn(recorder.console,
       absl::StrCat(status.message(),
                    ". This is not recorded; the patch is not "
                    "affected"));
}

BlockerRecord RecordOf(const Blocker& blocker, int64_t now_ns) {
  const klpx_task_info& info = blocker.info;
  BlockerRecord record;
  record.key = info.key;
  record.pid = info.pid;
  record.comm = info.comm;
  record.cmdline = blocker.cmdline;
  record.cgroup = blocker.cgroup;
  record.kthread = info.kthread;
  record.reason = std::string(ReasonWord(info.reason));
  record.function = info.function;
  record.since_ns = info.since_ns;
  record.seen_ns = static_cast<uint64_t>(now_ns);
  record.signals = info.signals;
  record.stack = blocker.stack;
  return record;
}

std::vector<ForceRecord> ForcesOf(const std::vector<Blocker>& tasks,
                                  int64_t now_ns, std::optional<bool> into,
                                  bool done) {
  std::vector<ForceRecord> forces;
  for (const Blocker& task : tasks) {
    forces.push_back({RecordOf(task, now_ns), done, now_ns, into});
  }
  return forces;
}

absl::Status Flush(HistoryStore& store, Recorder& recorder) {
  if (recorder.id == 0 || !recorder.unsaved) return absl::OkStatus();
  std::vector<BlockerRecord> blockers;
  for (const auto& [key, blocker] : recorder.seen) blockers.push_back(blocker);
  recorder.unsaved = false;
  return store.SawBlockers(recorder.id, blockers, recorder.pending,
                           blockers.size(), recorder.watched);
}

// Extends the span by a look at this moment.
void Extend(WatchSpan& span, int64_t now_ns) {
  if (span.until_ns == 0 || now_ns - span.until_ns > kWatchGapNs) {
    span.from_ns = now_ns;
  }
  span.until_ns = now_ns;
}

// Is the patch in a transition of the kernel's own engine?
bool IsMoving(Kernel& kernel, const std::string& patch) {
  const std::vector<LivepatchFact> facts = ReadLivepatches(kernel);
  return std::any_of(facts.begin(), facts.end(),
                     [&](const LivepatchFact& fact) {
                       return fact.patch == patch && fact.transition;
                     });
}

std::vector<FindingRecord> FindingRecords(const Findings& findings) {
  std::vector<FindingRecord> records;
  for (const Finding& finding : findings) {
    const FindingRow& row = RowOf(finding.code);
    records.push_back(
        {std::string(row.word), std::string(SeverityWord(row.severity)),
         finding.function.empty() ? finding.object : finding.function,
         Sentence(finding)});
  }
  return records;
}

}  // namespace

Recorder AnotherRecorder(const Recorder& recorder, Console& console) {
  return {recorder.kernel, console, recorder.path, recorder.verb, recorder.by};
}

void RecordAnnouncement(Recorder& recorder, const Announcement& announcement) {
  const Host host = recorder.kernel.ReadHost();
  TransitionRecord record;
  record.boot_id = host.boot_id;
  record.kernel = host.kernel;
  record.engine = std::string(RowOf(announcement.engine).word);
  record.patch = announcement.patch;
  record.patching = announcement.patching;
  record.model = announcement.model;
  record.replaces = announcement.replaces;
  record.begun = host.time;
  record.begun_ns = host.monotonic_ns;
  const std::vector<FindingRecord> findings =
      FindingRecords(announcement.findings);
  Try(recorder, [&](HistoryStore& store, Recorder& recorder) -> absl::Status {
    const absl::Status reconciled = ReconcileNow(recorder.kernel, store);
    if (!reconciled.ok()) return reconciled;
    record.initiator = InitiatorOf(recorder);
    const absl::StatusOr<int64_t> id = store.Begin(record);
    if (!id.ok()) return id.status();
    recorder.id = *id;
    recorder.announced = *id;
    recorder.patch = record.patch;
    return store.AddFindings(*id, findings);
  });
}

void RecordRefusal(Recorder& recorder) {
  Try(recorder, [&](HistoryStore& store, Recorder& recorder) {
    recorder.id = 0;
    recorder.patch.clear();
    // A module whose init has failed may have been in transition before that.
    const absl::Status reconciled = ReconcileNow(recorder.kernel, store);
    const int64_t announced = std::exchange(recorder.announced, 0);
    return reconciled.ok() ? store.Abandon(announced) : reconciled;
  });
}

void RecordStart(Recorder& recorder, const std::string& patch) {
  Try(recorder, [&](HistoryStore& store, Recorder& recorder) -> absl::Status {
    absl::Status status = ReconcileNow(recorder.kernel, store, patch);
    recorder.patch = patch;
    // If another process was faster, this one's announcement led to nothing.
    if (status.ok()) {
      status = store.Abandon(std::exchange(recorder.announced, 0));
    }
    if (!status.ok()) return status;
    const absl::StatusOr<int64_t> id =
        store.Newest(recorder.kernel.ReadHost().boot_id, patch);
    if (!id.ok()) return id.status();
    // A running transition of the kernel's own engine is recorded only once its
    // direction can be told.
    if (IsMoving(recorder.kernel, patch)) {
      const absl::StatusOr<TransitionRecord> record = store.Find(*id);
      if (!record.ok() || record->outcome != Outcome::kRunning) {
        recorder.id = 0;
        return absl::OkStatus();
      }
    }
    if (*id == 0) {
      return absl::NotFoundError(absl::StrCat(
          "history: klpx.ko reports no transition of '", patch, "' in ",
          kRecentFile,
          "; install klp-controller and klpx.ko from the same build"));
    }
    if (recorder.id != *id) {
      recorder.seen.clear();
      recorder.watched = {};
    }
    recorder.id = *id;
    const std::string policy = AttachedPolicy(recorder.kernel);
    if (policy.empty()) return absl::OkStatus();
    return store.AddEventOnce(
        *id, {NowNs(recorder.kernel), kPolicyEvent, policy, "the engine"});
  });
}

void RecordEvent(Recorder& recorder, absl::string_view kind,
                 absl::string_view text) {
  Try(recorder, [&](HistoryStore& store, Recorder& recorder) {
    if (recorder.id == 0) return absl::OkStatus();
    return store.AddEvent(recorder.id, {NowNs(recorder.kernel),
                                        std::string(kind), std::string(text),
                                        InitiatorWords(InitiatorOf(recorder))});
  });
}

void RecordOnce(Recorder& recorder, int64_t transition, absl::string_view kind,
                absl::string_view text) {
  if (transition == 0) return;
  Try(recorder, [&](HistoryStore& store, Recorder&) {
    return store.AddEventOnce(
        transition, {NowNs(recorder.kernel), std::string(kind),
                     std::string(text), InitiatorWords(InitiatorOf(recorder))});
  });
}

void RecordBlockers(Recorder& recorder, BlockerSource& source,
                    const PatchState& patch,
                    const std::vector<Blocker>& blockers) {
  Try(recorder, [&](HistoryStore& store, Recorder& recorder) -> absl::Status {
    const int64_t now_ns = NowNs(recorder.kernel);
    Extend(recorder.watched, now_ns);
    size_t stacks = 0;
    std::vector<Blocker> current = blockers;
    for (Blocker& blocker : current) {
      const klpx_task_key& key = blocker.info.key;
      BlockerRecord& known = recorder.seen[key];
      std::vector<std::string> stack = std::move(known.stack);
      if (stack.empty()) stack = blocker.stack;
      if (stack.empty() && stacks++ < kStacksPerLook) {
        stack = source.ReadStack(key).value_or(std::vector<std::string>());
      }
      if (!known.cmdline.empty()) blocker.cmdline = known.cmdline;
      if (!known.cgroup.empty()) blocker.cgroup = known.cgroup;
      const bool is_new = known.seen_ns == 0;
      if (is_new && blocker.cgroup.empty() &&
          recorder.seen.size() <= HistoryLimits().blockers) {
        std::vector<Blocker> one = {blocker};
        AddProcFacts(recorder.kernel, one);
        blocker = one.front();
      }
      // For a task signalled before the first look the time is not known.
      const bool signalled = !is_new && known.signalled_ns == 0 &&
                             blocker.info.signals > known.signals;
      const uint64_t signalled_ns =
          signalled ? static_cast<uint64_t>(now_ns) : known.signalled_ns;
      known = RecordOf(blocker, now_ns);
      known.signalled_ns = signalled_ns;
      known.stack = std::move(stack);
    }
    recorder.pending = patch.pending.value_or(0);
    recorder.unsaved = true;
    if (now_ns - recorder.flushed_ns <
        absl::ToInt64Nanoseconds(kFlushInterval)) {
      return absl::OkStatus();
    }
    recorder.flushed_ns = now_ns;
    return Flush(store, recorder);
  });
}

void RecordForces(Recorder& recorder, const std::vector<Blocker>& tasks,
                  std::optional<bool> into) {
  Try(recorder, [&](HistoryStore& store, Recorder& recorder) {
    recorder.force_ns = NowNs(recorder.kernel);
    if (recorder.id == 0) return absl::OkStatus();
    return store.AddForces(
        recorder.id, ForcesOf(tasks, recorder.force_ns, into, /*done=*/false));
  });
}

void RecordForced(Recorder& recorder, const std::vector<Blocker>& tasks,
                  absl::string_view what, std::optional<bool> into, bool done) {
  Try(recorder, [&](HistoryStore& store, Recorder& recorder) {
    if (recorder.id == 0) return absl::OkStatus();
    if (!done) return store.RemoveForces(recorder.id, recorder.force_ns);
    return store.AddForces(
        recorder.id, ForcesOf(tasks, recorder.force_ns, into, /*done=*/true));
  });
  if (done) RecordEvent(recorder, "force", what);
}

void RecordEnd(Recorder& recorder) {
  Try(recorder, [&](HistoryStore& store, Recorder& recorder) {
    const absl::Status flushed = Flush(store, recorder);
    const std::string watched = std::exchange(recorder.patch, "");
    return flushed.ok() ? ReconcileNow(recorder.kernel, store, watched)
                        : flushed;
  });
}

void RecordSeenEnd(Recorder& recorder, const RecentTransition& seen) {
  RecordEnd(recorder);
  Try(recorder, [&](HistoryStore& store, Recorder& recorder) {
    if (recorder.id == 0) return absl::OkStatus();
    return store.SawEnd(recorder.id, seen);
  });
}

absl::StatusOr<HistoryStore> OpenReconciled(Recorder& recorder,
                                            const std::string& path) {
  // The history of another machine, or a copy: do not change it.
  if (path != recorder.path) {
    return HistoryStore::Open(path, Access::kReadOnly);
  }
  absl::StatusOr<HistoryStore> store =
      HistoryStore::Open(path, Access::kReadOnly);
  if (absl::IsNotFound(store.status()) &&
      !recorder.kernel.Exists(kRecentFile)) {
    return store;
  }
  if (!recorder.kernel.IsRoot()) return store;
  absl::StatusOr<HistoryStore> writable =
      HistoryStore::Open(path, Access::kReadWrite);
  absl::Status reconciled = writable.status();
  if (reconciled.ok()) {
    reconciled = ReconcileNow(recorder.kernel, *writable, recorder.patch);
  }
  if (reconciled.ok()) return writable;
  if (!store.ok()) return reconciled;
  Warn(recorder.console, absl::StrCat(reconciled.message(),
                                      ". What is shown may not be up to date"));
  return store;
}

}  // namespace klpx
