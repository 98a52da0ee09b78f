// SPDX-License-Identifier: GPL-2.0
// A patch file on its way into the kernel.
#include "controller/commands/load.h"

#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/commands/engine.h"
#include "controller/commands/read_types.h"
#include "controller/commands/record.h"
#include "controller/core/error.h"
#include "controller/core/kernel_text.h"
#include "controller/sys/errno_status.h"
#include "controller/sys/module_file.h"
#include "controller/sys/sysfs.h"

namespace klpx {
namespace {

constexpr absl::Duration kRemoveTimeout = absl::Seconds(5);
constexpr absl::Duration kRemovePoll = absl::Milliseconds(20);

bool IsSignatureErrno(int error_number) {
  return error_number == ENOKEY || error_number == EKEYREJECTED ||
         error_number == EKEYEXPIRED || error_number == EKEYREVOKED;
}

// The kind by errno, for refusals that the engine logs nothing of.
ErrorKind KindOfLoadErrno(Context& context, Engine engine, int error_number) {
  if (IsSignatureErrno(error_number)) return ErrorKind::kRefused;
  // Its version magic is not this kernel's.
  if (error_number == ENOEXEC) return ErrorKind::kForeignKernel;
  if (error_number != EBUSY) return ErrorKind::kFailure;
  return FindTransition(context.kernel, engine) ? ErrorKind::kTransitionRunning
                                                : ErrorKind::kFunctionOwned;
}

absl::Status Explain(Context& context, Engine engine,
                     const LoadOutcome& outcome) {
  ErrorKind kind = KindOf(outcome.status);
  if (kind == ErrorKind::kFailure) {
    kind = KindOfLoadErrno(context, engine, ErrnoOf(outcome.status));
  }
  std::string why = outcome.complaints.empty()
                        ? "the kernel log (dmesg) may say more"
                        : outcome.complaints.front();
  for (const std::string& line : outcome.complaints) {
    const ErrorKind logged = KindOfLogLine(line);
    if (logged == ErrorKind::kFailure) continue;
    kind = logged;
    why = line;
    break;
  }
  if (kind == ErrorKind::kNoEngine) {
    absl::StrAppend(
        &why, "; rebuild it against ",
        RowOf(engine).is_module ? "the klpx.ko that is loaded" : "this kernel");
  }
  return Error(kind, "the kernel refused it (", outcome.status.message(),
               "): ", why);
}

absl::Status WriteDisable(Context& context, const std::string& patch) {
  const absl::Status written =
      WriteAttribute(context.kernel, patch, "enabled", "0");
  const int error_number = ErrnoOf(written);
  if (error_number == EBUSY) {
    return WithKind(written, ErrorKind::kTransitionRunning);
  }
  if (error_number != EINVAL) return written;
  // Somebody else was faster: as wanted.
  const std::optional<PatchState> now = ReadPatch(context.kernel, patch);
  if (!now || !now->enabled) return absl::OkStatus();
  // Only klpx.ko knows states that keep a patch in.
  if (!RowOf(now->engine).is_module) return written;
  return Error(ErrorKind::kRefused, written.message(),
               "; it holds a state that cannot be undone (block_disable)");
}

}  // namespace

absl::StatusOr<PatchFile> ReadPatchFile(Context& context,
                                        const std::string& path) {
  absl::StatusOr<std::string> bytes = context.kernel.ReadFile(path);
  const int error_number = ErrnoOf(bytes.status());
  if (error_number == ENOENT) {
    return Error(ErrorKind::kNoSuchPatch, "no such file");
  }
  if (error_number == EISDIR) {
    return Error(ErrorKind::kNotAModule, "not a kernel module: a directory");
  }
  if (!bytes.ok()) return bytes.status();
  bytes = Decompress(*std::move(bytes));
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<PatchFile> file = ParsePatchFile(*bytes);
  if (!file.ok() || file->engine != Engine::kKernel || file->patch) return file;
  // Where the engine of the kernel it is for has its members: known of this
  // one.
  const std::string release = context.kernel.ReadHost().kernel;
  if (!absl::StartsWith(file->vermagic, absl::StrCat(release, " ")))
    return file;
  const absl::StatusOr<Btf> btf = ReadKernelBtf(context);
  if (!btf.ok()) return file;
  return ParsePatchFile(*std::move(bytes), btf->LivepatchLayout());
}

std::optional<bool> IsLoadedBuild(Context& context, const PatchFile& file) {
  const absl::StatusOr<std::string> note = context.kernel.ReadFile(
      absl::StrCat("/sys/module/", file.module, "/notes/.note.gnu.build-id"));
  if (!note.ok() || note->empty() || file.build_id.empty()) return std::nullopt;
  return *note == file.build_id;
}

absl::Status RemoveModule(Context& context, const std::string& module) {
  const absl::Duration start = context.kernel.Monotonic();
  for (;;) {
    const absl::Status removed = context.kernel.UnloadModule(module);
    const int error_number = ErrnoOf(removed);
    if (removed.ok() || error_number == ENOENT) return absl::OkStatus();
    const bool in_use = error_number == EWOULDBLOCK || error_number == EBUSY;
    if (!in_use) return removed;
    if (context.kernel.Monotonic() - start > kRemoveTimeout ||
        context.kernel.Interrupted()) {
      return Error(ErrorKind::kModulePinned, removed.message(),
                   "; its reference count stays above 0: it was forced (then "
                   "only a reboot removes it) or something uses it");
    }
    context.kernel.Sleep(kRemovePoll);
  }
}

absl::Status InsertPatch(Context& context, const std::string& path,
                         const PatchFile& file) {
  const LoadOutcome outcome = LoadModule(context, path, file.module);
  return outcome.status.ok() ? outcome.status
                             : Explain(context, file.engine, outcome);
}

absl::Status CheckNoOtherTransition(Context& context, Engine engine,
                                    const std::string& patch) {
  const std::optional<PatchState> other =
      FindTransition(context.kernel, engine);
  if (!other || other->name == patch) return absl::OkStatus();
  return Error(ErrorKind::kTransitionRunning, "'", other->name,
               "' is in transition (", StateWord(*other),
               "), and only one can be; wait for it ('klp-controller wait ",
               other->name, "') or reverse it");
}

absl::Status StartDisable(Context& context, const PatchState& patch) {
  // The end of one, or the way back of the transition that runs.
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
