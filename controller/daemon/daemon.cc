// SPDX-License-Identifier: GPL-2.0
// The daemon. It keeps no state of its own: everything it needs is in the
// kernel, the history and the policy file, so that it can be killed and
// restarted at any moment.
#include "controller/daemon/daemon.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/run_files.h"
#include "controller/daemon/deadline_job.h"
#include "controller/daemon/health_check_job.h"
#include "controller/daemon/history_job.h"
#include "controller/daemon/journal.h"
#include "controller/daemon/loop.h"
#include "controller/daemon/rules.h"
#include "controller/daemon/snapshot_job.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/sys/io/file_lock.h"

namespace klpx {
namespace {

absl::StatusOr<FileLock> BeTheOnlyOne() {
  absl::StatusOr<std::optional<FileLock>> only =
      FileLock::Try(kDaemonFile, "daemon");
  if (!only.ok()) return Annotate(only.status(), "daemon");
  if (*only) return **std::move(only);
  return Error(ErrorKind::kRefused,
               "daemon: already running: ", LockHolder(kDaemonFile), " holds ",
               kDaemonFile, "; see 'systemctl status klpx-daemon'");
}

}  // namespace

absl::StatusOr<int> RunDaemon(Context& context, const std::string& version) {
  const absl::Status root = RequireRoot(context.kernel, "daemon");
  if (!root.ok()) return root;
  const absl::StatusOr<FileLock> only = BeTheOnlyOne();
  if (!only.ok()) return only.status();
  context.recorder.by = "daemon";
  Rules rules(context.kernel, context.machine.policy);
  absl::StatusOr<std::unique_ptr<Loop>> loop =
      Loop::Create(context.machine, rules);
  if (!loop.ok()) return loop.status();
  rules.Load(/*reload=*/false);
  // A recorder deals with one transition, and each engine can have one running,
  // so each engine gets a recorder.
  Console console = {context.console.out, context.console.err};
  Recorder livepatch = AnotherRecorder(context.recorder, console);
  const Supervisor klpx = context.supervisor();
  const Supervisor kernel = {context.kernel, klpx.observer, console, livepatch,
                             context.ownership};
  const std::pair<Engine, const Supervisor*> engines[] = {
      {Engine::kKernel, &kernel}, {Engine::kKlpx, &klpx}};
  // The history comes first: it knows more than the kernel's own engine, and
  // must record the end of that engine's transitions before a job that has
  // not watched them reconciles them. The journal comes next, so that a
  // transition is reported before what is done about it. The snapshot comes
  // last, so that it shows what the other jobs have done.
  for (const auto& [engine, own] : engines) {
    (*loop)->Add(std::make_unique<HistoryJob>(own->recorder, engine));
    (*loop)->Add(std::make_unique<JournalJob>(engine));
  }
  (*loop)->Add(
      std::make_unique<PolicyJob>(context.kernel, context.machine.policy));
  (*loop)->Add(std::make_unique<HealthCheckJob>(klpx, context.boot, rules));
  for (const auto& [engine, own] : engines) {
    (*loop)->Add(std::make_unique<DeadlineJob>(*own, engine, rules));
  }
  (*loop)->Add(
      std::make_unique<SnapshotJob>(klpx, context.boot, rules, version));
  LogToJournal(Message::kStarted,
               absl::StrCat("klp-controller ", version, " daemon"));
  const absl::Status ended = (*loop)->Run();
  if (!ended.ok()) return ended;
  LogToJournal(Message::kStopped,
               "stopped; policies, observer and transitions stay as they are");
  return 0;
}

}  // namespace klpx
