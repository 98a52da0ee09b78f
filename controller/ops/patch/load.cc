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

absl::Status WriteDisable(Kernel& kernel, const std::string& patch) {
  const absl::Status written = WriteAttribute(kernel, patch, "enabled", "0");
  const int error_number = ErrnoOf(written);
  if (error_number == EBUSY) {
    return WithKind(written, ErrorKind::kTransitionRunning);
  }
  if (error_number != EINVAL) return written;
  // Another process has disabled it already: that is what was wanted.
  const std::optional<PatchState> now = ReadPatch(kernel, patch);
  if (!now || !now->enabled) return absl::OkStatus();
  // Only klpx.ko has states that forbid to disable a patch.
  if (!RowOf(now->engine).is_module) return written;
  return Error(ErrorKind::kRefused, written.message(),
               "; it holds a state that cannot be undone (block_disable)");
}

}  // namespace

absl::StatusOr<std::string> ReadPatchBytes(Kernel& kernel,
                                           const std::string& path) {
  absl::StatusOr<std::string> bytes = kernel.ReadModule(path);
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

absl::StatusOr<PatchFile> ParsePatch(Kernel& kernel, const std::string& bytes) {
  absl::StatusOr<PatchFile> file = ParsePatchFile(bytes);
  if (!file.ok() || file->engine != Engine::kKernel || file->patch) return file;
  // The layout of struct klp_patch is known for the running kernel only.
  const std::string release = kernel.ReadHost().kernel;
  if (!absl::StartsWith(file->vermagic, absl::StrCat(release, " "))) {
    return file;
  }
  const absl::StatusOr<Btf> btf = ReadKernelBtf(kernel);
  if (!btf.ok()) return file;
  return ParsePatchFile(bytes, btf->LivepatchLayout());
}

absl::StatusOr<PatchFile> ReadPatchFile(Kernel& kernel,
                                        const std::string& path) {
  const absl::StatusOr<std::string> bytes = ReadPatchBytes(kernel, path);
  if (!bytes.ok()) return bytes.status();
  return ParsePatch(kernel, *bytes);
}

std::optional<bool> IsLoadedBuild(Kernel& kernel, const PatchFile& file) {
  const absl::StatusOr<std::string> note = kernel.ReadFile(
      absl::StrCat("/sys/module/", file.module, "/notes/.note.gnu.build-id"));
  if (!note.ok() || note->empty() || file.build_id.empty()) return std::nullopt;
  return *note == file.build_id;
}

absl::Status RemoveModule(Kernel& kernel, Recorder& recorder,
                          const std::string& module) {
  if (IsPermanent(kernel, module)) {
    return Error(ErrorKind::kModulePinned,
                 "its module has no module_exit(), so the kernel cannot remove "
                 "it; it stays until reboot");
  }
  const absl::Duration start = kernel.Monotonic();
  for (;;) {
    const absl::Status removed = kernel.UnloadModule(module);
    const int error_number = ErrnoOf(removed);
    if (removed.ok() || error_number == ENOENT) return absl::OkStatus();
    const bool in_use = error_number == EWOULDBLOCK || error_number == EBUSY;
    if (!in_use) return removed;
    if (kernel.Monotonic() - start > kRemoveTimeout || kernel.Interrupted()) {
      return Error(ErrorKind::kModulePinned, removed.message(), "; ",
                   WhyBusy(kernel, recorder, module));
    }
    kernel.Sleep(kRemovePoll);
  }
}

absl::Status InsertPatch(Kernel& kernel, const std::string& path,
                         const PatchFile& file, absl::string_view bytes,
                         absl::string_view engine) {
  const absl::Status named = NameEngine(kernel, engine, file);
  if (!named.ok()) return named;
  const LoadOutcome outcome = LoadModule(kernel, path, file.module, bytes);
  if (!engine.empty()) ForgetEngine(kernel);
  return outcome.status.ok() ? outcome.status
                             : WhyNotLoaded(kernel, file, outcome);
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

absl::Status CheckNoOtherTransition(Kernel& kernel, Engine engine,
                                    const std::string& patch) {
  return CheckNoOtherTransition(ReadPatches(kernel, engine), patch);
}

void AnnounceEnable(Kernel& kernel, Recorder& recorder, const PatchFile& file,
                    const Findings& findings) {
  Announcement announcement;
  announcement.patch = file.module;
  announcement.engine = file.engine;
  announcement.findings = findings;
  if (file.patch) announcement.model = file.patch->model;
  if (file.patch && file.patch->replace) {
    for (const PatchState& patch : ReadPatches(kernel, file.engine)) {
      if (patch.registered &&
          patch.replace_set.value_or(0) == file.patch->replace_set) {
        announcement.replaces.push_back(patch.name);
      }
    }
  }
  RecordAnnouncement(recorder, announcement);
}

absl::Status StartDisable(Kernel& kernel, Recorder& recorder,
                          const PatchState& patch) {
  // In a transition, disabling the patch reverses it.
  const bool reverses = patch.transition;
  if (reverses) {
    RecordStart(recorder, patch.name);
  } else {
    RecordAnnouncement(
        recorder, {patch.name, patch.engine, /*patching=*/false, patch.model,
                   /*replaces=*/{}, /*findings=*/{}});
  }
  const absl::Status status = WriteDisable(kernel, patch.name);
  if (reverses && status.ok()) RecordEvent(recorder, "reverse", "");
  if (!reverses && !status.ok()) RecordRefusal(recorder);
  return status;
}

}  // namespace klpx
