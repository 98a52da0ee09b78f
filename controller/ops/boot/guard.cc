// SPDX-License-Identifier: GPL-2.0
// The guard against a patch that takes the machine down at every boot.
#include "controller/ops/boot/guard.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/patch_name.h"
#include "controller/core/base/text.h"
#include "controller/core/boot/attempt.h"
#include "controller/ops/history/record.h"
#include "controller/sys/io/durable_file.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr size_t kMarkBytes = 1 << 16;

std::string Directory(Context& context) {
  return absl::StrCat(context.state_dir, "/attempts");
}

std::string MarkOf(Context& context, const std::string& patch) {
  return absl::StrCat(Directory(context), "/", patch);
}

// Names of the patches that have a mark.
std::vector<std::string> Marked(Context& context) {
  if (context.state_dir.empty()) return {};
  const auto names = context.kernel.ListDirectory(Directory(context));
  if (!names.ok()) return {};
  std::vector<std::string> patches;
  for (const std::string& name : *names) {
    if (IsValidModuleName(name)) patches.push_back(name);
  }
  return patches;
}

absl::StatusOr<Attempt> ReadMark(Context& context, const std::string& patch) {
  const absl::StatusOr<std::string> text =
      ReadTrusted(MarkOf(context, patch), kMarkBytes);
  if (!text.ok()) return text.status();
  return ParseAttempt(*text);
}

void Remove(Context& context, const std::string& patch) {
  const absl::Status removed = RemoveDurably(MarkOf(context, patch));
  if (removed.ok()) return;
  Warn(context, absl::StrCat(removed.message(), "; because of that mark '",
                             patch, "' will not be loaded at the next boot"));
}

bool IsIn(Context& context, const std::string& patch) {
  const std::optional<PatchState> state = ReadPatch(context.kernel, patch);
  return state && (state->enabled || state->transition);
}

}  // namespace

absl::Status BeginAttempt(Context& context, const std::string& patch) {
  if (context.state_dir.empty()) return absl::OkStatus();
  const absl::Status made = MakeDirectory(Directory(context));
  if (!made.ok()) return made;
  return WriteDurably(MarkOf(context, patch),
                      AttemptText(context.kernel.ReadHost(), patch));
}

void EndAttempt(Context& context, const std::string& patch) {
  if (context.state_dir.empty()) return;
  const absl::StatusOr<Attempt> attempt = ReadMark(context, patch);
  if (!attempt.ok()) return;
  if (attempt->boot_id != context.kernel.ReadHost().boot_id) return;
  Remove(context, patch);
}

void SettleAttempts(Context& context) {
  if (!context.kernel.IsRoot()) return;
  const Host now = context.kernel.ReadHost();
  for (const std::string& patch : Marked(context)) {
    const absl::StatusOr<Attempt> attempt = ReadMark(context, patch);
    if (!attempt.ok() || !HasSettled(*attempt, now)) continue;
    const std::optional<PatchState> state = ReadPatch(context.kernel, patch);
    if (!state || !state->transition) Remove(context, patch);
  }
}

void EndAllAttempts(Context& context) {
  if (!context.kernel.IsRoot()) return;
  for (const std::string& patch : Marked(context)) EndAttempt(context, patch);
}

std::vector<Guarded> ReadGuarded(Context& context) {
  std::vector<Guarded> all;
  if (!context.kernel.IsRoot()) return all;
  const std::string boot_id = context.kernel.ReadHost().boot_id;
  for (const std::string& patch : Marked(context)) {
    const absl::StatusOr<Attempt> attempt = ReadMark(context, patch);
    if (absl::IsNotFound(attempt.status())) continue;
    if (attempt.ok() && attempt->boot_id == boot_id) continue;
    const std::string tell =
        IsIn(context, patch) ? "it is loaded now"
                             : absl::StrCat("'klp-controller restore --retry ",
                                            patch, "' tries it again");
    if (!attempt.ok()) {
      all.push_back(
          {patch, "",
           absl::StrCat("its mark ", MarkOf(context, patch),
                        " cannot be read (", attempt.status().message(),
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

absl::Status ForgetAttempt(Context& context, const std::string& patch) {
  if (context.state_dir.empty()) return absl::OkStatus();
  return RemoveDurably(MarkOf(context, patch));
}

void RecordGuarded(Context& context, const Guarded& guarded) {
  if (context.recorder.path.empty() || guarded.boot_id.empty()) return;
  absl::StatusOr<HistoryStore> store =
      OpenSettled(context, context.recorder.path);
  if (!store.ok()) return;
  HistoryFilter filter;
  filter.boot_id = guarded.boot_id;
  filter.patch = guarded.patch;
  filter.limit = 1;
  const auto newest = store->Query(filter);
  if (!newest.ok() || newest->empty()) return;
  const TransitionRecord& record = newest->front();
  // The time of the event on the monotonic clock of the earlier boot, as if
  // that had gone on. A damaged file may hold any number; absl's durations
  // saturate.
  const int64_t time_ns =
      absl::ToInt64Nanoseconds(absl::Nanoseconds(record.begun_ns) +
                               (context.kernel.ReadHost().time - record.begun));
  const absl::Status added = store->AddEventOnce(
      record.id, {time_ns, kGuardEvent,
                  absl::StrCat("not loaded: ", guarded.why), "boot"});
  if (!added.ok()) Warn(context, added.message());
}

}  // namespace klpx
