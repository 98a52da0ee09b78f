// SPDX-License-Identifier: GPL-2.0
// The guard against a patch that takes the machine down at every boot.
#include "controller/ops/boot/attempt_store.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/patch_name.h"
#include "controller/core/base/text.h"
#include "controller/core/boot/attempt.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/ops/console/console.h"
#include "controller/ops/history/record.h"
#include "controller/sys/io/durable_file.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr size_t kMarkBytes = 1 << 16;

std::string Directory(const BootFiles& boot) {
  return absl::StrCat(boot.state_dir, "/attempts");
}

std::string MarkOf(const BootFiles& boot, const std::string& patch) {
  return absl::StrCat(Directory(boot), "/", patch);
}

// Names of the patches that have a mark.
std::vector<std::string> Marked(const BootFiles& boot) {
  if (boot.state_dir.empty()) return {};
  const auto names = boot.kernel.ListDirectory(Directory(boot));
  if (!names.ok()) return {};
  std::vector<std::string> patches;
  for (const std::string& name : *names) {
    if (IsValidModuleName(name)) patches.push_back(name);
  }
  return patches;
}

absl::StatusOr<Attempt> ReadMark(const BootFiles& boot,
                                 const std::string& patch) {
  const absl::StatusOr<std::string> text =
      ReadTrusted(MarkOf(boot, patch), kMarkBytes);
  if (!text.ok()) return text.status();
  return ParseAttempt(*text);
}

void Remove(const BootFiles& boot, const std::string& patch) {
  const absl::Status removed = RemoveDurably(MarkOf(boot, patch));
  if (removed.ok()) return;
  Warn(boot.console,
       absl::StrCat(removed.message(), "; because of that mark '", patch,
                    "' will not be loaded at the next boot"));
}

bool IsIn(Kernel& kernel, const std::string& patch) {
  const std::optional<PatchState> state = ReadPatch(kernel, patch);
  return state && (state->enabled || state->transition);
}

}  // namespace

absl::Status BeginAttempt(const BootFiles& boot, const std::string& patch) {
  if (boot.state_dir.empty()) return absl::OkStatus();
  const absl::Status made = MakeDirectory(Directory(boot));
  if (!made.ok()) return made;
  return WriteDurably(MarkOf(boot, patch),
                      AttemptText(boot.kernel.ReadHost(), patch));
}

absl::Status BeginAttemptIfAccepted(const BootFiles& boot,
                                    const std::string& patch, bool required) {
  if (!IsAccepted(boot, patch)) return absl::OkStatus();
  const absl::Status marked = BeginAttempt(boot, patch);
  if (marked.ok() || required) return marked;
  Warn(boot.console, absl::StrCat("'", patch,
                                  "': without a guard mark; if the machine "
                                  "goes down now, the patch is tried again at "
                                  "boot: ",
                                  marked.message()));
  return absl::OkStatus();
}

void EndAttempt(const BootFiles& boot, const std::string& patch) {
  if (boot.state_dir.empty()) return;
  const absl::StatusOr<Attempt> attempt = ReadMark(boot, patch);
  if (!attempt.ok()) return;
  if (attempt->boot_id != boot.kernel.ReadHost().boot_id) return;
  Remove(boot, patch);
}

void SettleAttempts(const BootFiles& boot) {
  if (!boot.kernel.IsRoot()) return;
  const Host now = boot.kernel.ReadHost();
  for (const std::string& patch : Marked(boot)) {
    const absl::StatusOr<Attempt> attempt = ReadMark(boot, patch);
    if (!attempt.ok() || !HasSettled(*attempt, now)) continue;
    const std::optional<PatchState> state = ReadPatch(boot.kernel, patch);
    if (!state || !state->transition) Remove(boot, patch);
  }
}

void EndAllAttempts(const BootFiles& boot) {
  if (!boot.kernel.IsRoot()) return;
  for (const std::string& patch : Marked(boot)) EndAttempt(boot, patch);
}

std::vector<KeptOut> ReadKeptOut(const BootFiles& boot) {
  std::vector<KeptOut> all;
  if (!boot.kernel.IsRoot()) return all;
  const std::string boot_id = boot.kernel.ReadHost().boot_id;
  for (const std::string& patch : Marked(boot)) {
    const absl::StatusOr<Attempt> attempt = ReadMark(boot, patch);
    if (absl::IsNotFound(attempt.status())) continue;
    if (attempt.ok() && attempt->boot_id == boot_id) continue;
    const std::string tell =
        IsIn(boot.kernel, patch)
            ? "it is loaded now"
            : absl::StrCat("'klp-controller restore --retry ", patch,
                           "' tries it again");
    if (!attempt.ok()) {
      all.push_back(
          {patch, "",
           absl::StrCat("its mark ", MarkOf(boot, patch), " cannot be read (",
                        attempt.status().message(),
                        "), so it may have brought the machine "
                        "down; ",
                        tell)});
      continue;
    }
    all.push_back(
        {patch, attempt->boot_id,
         absl::StrCat("it was being enabled, or had just been enabled, when "
                      "the machine went down after ",
                      absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", attempt->time,
                                       absl::UTCTimeZone()),
                      " (boot ", Printable(attempt->boot_id), "); ", tell)});
  }
  return all;
}

absl::Status ForgetAttempt(const BootFiles& boot, const std::string& patch) {
  if (boot.state_dir.empty()) return absl::OkStatus();
  return RemoveDurably(MarkOf(boot, patch));
}

void RecordKeptOut(Recorder& recorder, const KeptOut& kept_out) {
  if (recorder.path.empty() || kept_out.boot_id.empty()) return;
  absl::StatusOr<HistoryStore> store = OpenReconciled(recorder, recorder.path);
  if (!store.ok()) return;
  HistoryFilter filter;
  filter.boot_id = kept_out.boot_id;
  filter.patch = kept_out.patch;
  filter.limit = 1;
  const auto newest = store->Query(filter);
  if (!newest.ok() || newest->empty()) return;
  const TransitionRecord& record = newest->front();
  // The time of the event on the monotonic clock of the earlier boot, as if
  // that had gone on. A damaged file may hold any number; absl's durations
  // saturate.
  const int64_t time_ns = absl::ToInt64Nanoseconds(
      absl::Nanoseconds(record.begun_ns) +
      (recorder.kernel.ReadHost().time - record.begun));
  const absl::Status added = store->AddEventOnce(
      record.id, {time_ns, kGuardEvent,
                  absl::StrCat("not loaded: ", kept_out.why), "boot"});
  if (!added.ok()) Warn(recorder.console, added.message());
}

}  // namespace klpx
