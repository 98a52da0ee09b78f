// SPDX-License-Identifier: GPL-2.0
// Loads, disables and removes patch modules.
#include "controller/ops/patch/load.h"

#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/adoption.h"
#include "controller/ops/kernel/engine.h"
#include "controller/ops/kernel/read_types.h"
#include "controller/ops/patch/refusal.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/proc/module_file.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr absl::Duration kRemoveTimeout = absl::Seconds(5);
constexpr absl::Duration kRemovePoll = absl::Milliseconds(20);

absl::Status WriteDisable(Context& context, const std::string& patch) {
  const absl::Status written =
      WriteAttribute(context.kernel, patch, "enabled", "0");
  const int error_number = ErrnoOf(written);
  if (error_number == EBUSY) {
    return WithKind(written, ErrorKind::kTransitionRunning);
  }
  if (error_number != EINVAL) return written;
  // Another process has disabled it already: that is what was wanted.
  const std::optional<PatchState> now = ReadPatch(context.kernel, patch);
  if (!now || !now->enabled) return absl::OkStatus();
  // Only klpx.ko has states that forbid to disable a patch.
  if (!RowOf(now->engine).is_module) return written;
  return Error(ErrorKind::kRefused, written.message(),
               "; it holds a state that cannot be undone (block_disable)");
}

}  // namespace

absl::StatusOr<std::string> ReadPatchBytes(Context& context,
                                           const std::string& path) {
  absl::StatusOr<std::string> bytes = context.kernel.ReadModule(path);
  switch (ErrnoOf(bytes.status())) {
    case ENOENT:
      return Error(ErrorKind::kNoSuchPatch, "no such file");
    case EISDIR:
      return Error(ErrorKind::kNotAModule, "not a kernel module: a directory");
    case EFBIG:
      return Error(ErrorKind::kNotAModule, "not a kernel module: more than ",
                   kMaxModuleBytes >> 20, " MiB");
  }
  if (!bytes.ok()) return bytes.status();
  return Decompress(*std::move(bytes));
}

absl::StatusOr<PatchFile> ParsePatch(Context& context,
                                     const std::string& bytes) {
  absl::StatusOr<PatchFile> file = ParsePatchFile(bytes);
  if (!file.ok() || file->engine != Engine::kKernel || file->patch) return file;
  // The layout of struct klp_patch is known for the running kernel only.
  const std::string release = context.kernel.ReadHost().kernel;
  if (!absl::StartsWith(file->vermagic, absl::StrCat(release, " ")))
    return file;
  const absl::StatusOr<Btf> btf = ReadKernelBtf(context);
  if (!btf.ok()) return file;
  return ParsePatchFile(bytes, btf->LivepatchLayout());
}

absl::StatusOr<PatchFile> ReadPatchFile(Context& context,
                                        const std::string& path) {
  const absl::StatusOr<std::string> bytes = ReadPatchBytes(context, path);
  if (!bytes.ok()) return bytes.status();
  return ParsePatch(context, *bytes);
}

std::optional<bool> IsLoadedBuild(Context& context, const PatchFile& file) {
  const absl::StatusOr<std::string> note = context.kernel.ReadFile(
      absl::StrCat("/sys/module/", file.module, "/notes/.note.gnu.build-id"));
  if (!note.ok() || note->empty() || file.build_id.empty()) return std::nullopt;
  return *note == file.build_id;
}

absl::Status RemoveModule(Context& context, const std::string& module) {
  if (IsPermanent(context.kernel, module)) {
    return Error(ErrorKind::kModulePinned,
                 "its module has no module_exit(), so the kernel cannot remove "
                 "it; it stays until reboot");
  }
  const absl::Duration start = context.kernel.Monotonic();
  for (;;) {
    const absl::Status removed = context.kernel.UnloadModule(module);
    const int error_number = ErrnoOf(removed);
    if (removed.ok() || error_number == ENOENT) return absl::OkStatus();
    const bool in_use = error_number == EWOULDBLOCK || error_number == EBUSY;
    if (!in_use) return removed;
    if (context.kernel.Monotonic() - start > kRemoveTimeout ||
        context.kernel.Interrupted()) {
      return Error(ErrorKind::kModulePinned, removed.message(), "; ",
                   WhyBusy(context, module));
    }
    context.kernel.Sleep(kRemovePoll);
  }
}

absl::Status InsertPatch(Context& context, const std::string& path,
                         const PatchFile& file, absl::string_view bytes,
                         absl::string_view engine) {
  const absl::Status named = NameEngine(context, engine, file);
  if (!named.ok()) return named;
  const LoadOutcome outcome = LoadModule(context, path, file.module, bytes);
  if (!engine.empty()) ForgetEngine(context);
  return outcome.status.ok() ? outcome.status
                             : WhyNotLoaded(context, file, outcome);
}

absl::Status CheckNoOtherTransition(const std::vector<PatchState>& patches,
                                    const std::string& patch) {
  for (const PatchState& other : patches) {
    if (!other.transition || other.name == patch) continue;
    return Error(ErrorKind::kTransitionRunning, "'", other.name,
                 "' is in transition (", StateWord(other),
                 "), and only one can be; wait for it ('klp-controller wait ",
                 other.name, "') or reverse it");
  }
  return absl::OkStatus();
}

absl::Status CheckNoOtherTransition(Context& context, Engine engine,
                                    const std::string& patch) {
  return CheckNoOtherTransition(ReadPatches(context.kernel, engine), patch);
}

absl::Status StartDisable(Context& context, const PatchState& patch) {
  // In a transition, disabling the patch reverses it.
  const bool reverses = patch.transition;
  if (reverses) {
    RecordStart(context, patch.name);
  } else {
    RecordAnnouncement(
        context, {patch.name, patch.engine, /*patching=*/false, patch.model,
                  /*replaces=*/{}, /*findings=*/{}});
  }
  const absl::Status status = WriteDisable(context, patch.name);
  if (reverses && status.ok()) RecordEvent(context, "reverse", "");
  if (!reverses && !status.ok()) RecordRefusal(context);
  return status;
}

}  // namespace klpx
