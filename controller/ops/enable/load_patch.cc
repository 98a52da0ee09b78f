// SPDX-License-Identifier: GPL-2.0
// Brings a checked patch into the kernel.
#include "controller/ops/enable/load_patch.h"

#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/ops/boot/attempt_store.h"
#include "controller/ops/health/health_check.h"
#include "controller/ops/history/forced.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/adoption.h"
#include "controller/ops/patch/load.h"
#include "controller/ops/patch/prepare.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/ops/transition/ownership.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

absl::Status Refusal(const absl::Status& status, const CheckedPatch& patch) {
  return Annotate(status, EnableRefused(patch.path));
}

absl::Status LoadEngine(const Loader& loader, const CheckedPatch& patch) {
  return EnsureEngine(loader.machine.kernel, patch.file.engine,
                      patch.engine_file);
}

absl::Status AttachOurObserver(const Loader& loader, const CheckedPatch&) {
  AttachObserver(loader.machine.observer, loader.warnings);
  return absl::OkStatus();
}

absl::Status ApplyRules(const Loader& loader, const CheckedPatch& patch) {
  loader.warnings.Add(ApplyIfPossible(
      loader.machine.kernel, loader.machine.policy, patch.file.engine));
  return absl::OkStatus();
}

absl::Status WarnOfForces(const Loader& loader, const CheckedPatch& patch) {
  loader.warnings.Add(
      ForceWarnings(loader.supervisor.recorder, patch.file.module));
  return absl::OkStatus();
}

absl::Status FreeTheName(const Loader& loader, const CheckedPatch& patch) {
  return Refusal(RemoveLeftover(loader.machine.kernel,
                                loader.supervisor.recorder, patch.file.module),
                 patch);
}

// If a patch that is loaded at boot brings the machine down, the next boot does
// not load it (attempt_store.h).
absl::Status MarkAttempt(const Loader& loader, const CheckedPatch& patch) {
  return Refusal(BeginAttemptIfAccepted(loader.boot, patch.file.module,
                                        patch.mark_required),
                 patch);
}

absl::Status WriteHistoryRow(const Loader& loader, const CheckedPatch& patch) {
  AnnounceEnable(loader.machine.kernel, loader.supervisor.recorder, patch.file,
                 patch.findings);
  return absl::OkStatus();
}

absl::Status BeginHealthCheck(const Loader& loader, const CheckedPatch&) {
  BeginHealth(loader.machine.kernel, loader.supervisor.recorder);
  return absl::OkStatus();
}

// Loading a module may take long: the daemon must not act meanwhile.
absl::Status TakeOwnership(const Loader& loader, const CheckedPatch& patch) {
  if (patch.waits) Own(loader.supervisor.ownership);
  return absl::OkStatus();
}

absl::Status Insert(const Loader& loader, const CheckedPatch& patch) {
  const absl::Status inserted = InsertPatch(
      loader.machine.kernel, patch.path, patch.file, patch.bytes, patch.engine);
  if (inserted.ok()) return inserted;
  RecordRefusal(loader.supervisor.recorder);
  EndAttempt(loader.boot, patch.file.module);
  return Refusal(inserted, patch);
}

absl::Status NoteEngine(const Loader& loader, const CheckedPatch& patch) {
  TellEngine(loader.machine.kernel, patch.file, loader.warnings);
  return absl::OkStatus();
}

using Step = absl::Status (*)(const Loader&, const CheckedPatch&);

constexpr Step kSteps[] = {
    LoadEngine,      AttachOurObserver, ApplyRules,
    WarnOfForces,    FreeTheName,       MarkAttempt,
    WriteHistoryRow, BeginHealthCheck,  TakeOwnership,
    Insert,          NoteEngine,
};

}  // namespace

absl::Status LoadPatch(const Loader& loader, const CheckedPatch& patch) {
  absl::Cleanup undo =
      UndoPreparation(loader.machine, loader.supervisor.recorder, patch.locked,
                      loader.warnings);
  for (const Step step : kSteps) {
    const absl::Status done = step(loader, patch);
    if (!done.ok()) return done;
  }
  std::move(undo).Cancel();
  return absl::OkStatus();
}

absl::Status ReverseDisable(Kernel& kernel, Recorder& recorder,
                            const std::string& patch) {
  RecordStart(recorder, patch);
  BeginHealth(kernel, recorder);
  const absl::Status written = WriteAttribute(kernel, patch, "enabled", "1");
  if (!written.ok()) return Annotate(written, EnableRefused(patch));
  RecordEvent(recorder, "reverse", "");
  return absl::OkStatus();
}

std::string EnableRefused(const std::string& patch) {
  return absl::StrCat("'", Printable(patch.substr(patch.rfind('/') + 1)),
                      "': enable refused");
}

}  // namespace klpx
