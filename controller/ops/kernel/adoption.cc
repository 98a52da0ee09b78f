// SPDX-License-Identifier: GPL-2.0
// How klpx.ko is told to run patches made for the kernel's own livepatch.
#include "controller/ops/kernel/adoption.h"

#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/kernel/file_parsers.h"
#include "controller/core/patch/engine_choice.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr char kFtraceEnabled[] = "/proc/sys/kernel/ftrace_enabled";
// sysfs does not pass on a write of no bytes.
constexpr char kNoEngineNamed[] = "\n";

std::optional<std::string> ReadLine(Kernel& kernel, const std::string& path) {
  const absl::StatusOr<std::string> text = kernel.ReadFile(path);
  if (!text.ok()) return std::nullopt;
  return std::string(absl::StripAsciiWhitespace(*text));
}

// Why klpx.ko has no file to write to.
absl::Status WhyAbsent(Kernel& kernel) {
  if (!IsModuleLoaded(kernel, KLPX_MODULE_NAME)) {
    return Error(ErrorKind::kNoEngine,
                 "klpx.ko is not loaded; 'klp-controller adopt on' loads it");
  }
  if (!HasEngine(kernel, Engine::kKernel)) {
    return Error(ErrorKind::kKernelLacks,
                 "this kernel was built without CONFIG_LIVEPATCH, so no patch "
                 "made for its livepatch can be loaded, and there is nothing "
                 "to adopt");
  }
  return Error(ErrorKind::kNoEngine,
               "the klpx.ko that is loaded cannot adopt patches; install "
               "klp-controller and klpx.ko from one build ('klp-controller "
               "unload klpx' removes the loaded one)");
}

// `said`: what klpx.ko has logged; it names a patch that is in the way.
absl::Status WhyBusy(Kernel& kernel, absl::string_view path,
                     const std::string& said) {
  const std::string order = EngineFor(kernel);
  if (path == KLPX_ENGINE_FOR && !order.empty()) {
    return Error(ErrorKind::kRefused, "another process has ordered an engine (",
                 Printable(order),
                 ", " KLPX_ENGINE_FOR "); try again when it has ended");
  }
  if (absl::StrContains(said, "is patched")) {
    return Error(ErrorKind::kFunctionOwned, said);
  }
  if (ReadLine(kernel, kFtraceEnabled) == "0") {
    return Error(ErrorKind::kRefused,
                 "kernel.ftrace_enabled is 0, so no function can be "
                 "redirected; 'sysctl kernel.ftrace_enabled=1' changes that");
  }
  return Error(ErrorKind::kFunctionOwned,
               "another user of ftrace redirects klp_enable_patch(), "
               "klp_get_prev_state() or proc_pid_patch_state(), and only one "
               "can; 'grep -E \"klp_|patch_state\" "
               "/sys/kernel/tracing/enabled_functions' may name it: remove it "
               "and try again");
}

// What an error of a write to one of the files means. `said`: what klpx.ko has
// logged about it.
absl::Status Explain(Kernel& kernel, const absl::Status& written,
                     absl::string_view path, const std::string& said) {
  switch (ErrnoOf(written)) {
    case ENOENT:
      return WhyAbsent(kernel);
    case EOPNOTSUPP:
      return Error(ErrorKind::kRefused,
                   "the livepatch of this kernel is not what klpx.ko was built "
                   "for (",
                   said.empty() ? "the kernel log, dmesg, says what" : said,
                   "), so its patches stay on the kernel's engine; build and "
                   "install klpx.ko for this kernel ('./run install')");
    case EBUSY:
      return WhyBusy(kernel, path, said);
    case ENODEV:
      return Error(ErrorKind::kRefused,
                   "ftrace has shut itself down after an error (the kernel "
                   "log, dmesg, says which): no engine can redirect a function "
                   "until the machine is rebooted");
    case ENOMEM:
      return Error(ErrorKind::kFailure,
                   "the kernel is out of memory; nothing has changed: free "
                   "some and try again");
  }
  return written;
}

absl::Status Write(Kernel& kernel, const std::string& path,
                   const std::string& value) {
  const size_t seen =
      LogComplaints(kernel.ReadKernelLog(), KLPX_MODULE_NAME).size();
  const absl::Status written = kernel.WriteFile(path, value);
  if (written.ok()) return written;
  const std::vector<std::string> lines =
      LogComplaints(kernel.ReadKernelLog(), KLPX_MODULE_NAME);
  return Explain(kernel, written, path,
                 lines.size() > seen ? lines.back() : "");
}

}  // namespace

std::optional<bool> Adopts(Kernel& kernel) {
  const std::optional<std::string> value = ReadLine(kernel, KLPX_ADOPT);
  if (!value) return std::nullopt;
  return *value == "1";
}

std::string EngineFor(Kernel& kernel) {
  return ReadLine(kernel, KLPX_ENGINE_FOR).value_or("");
}

absl::Status SetAdoption(Kernel& kernel, bool on) {
  return Write(kernel, KLPX_ADOPT, on ? "1" : "0");
}

absl::StatusOr<PatchFile> ForEngine(Kernel& kernel, absl::string_view wanted,
                                    PatchFile file) {
  absl::StatusOr<PatchFile> chosen =
      ChooseEngine(std::move(file), wanted, Adopts(kernel).value_or(false));
  if (!chosen.ok() || !chosen->adopted) return chosen;
  // A klpx.ko that is yet to be loaded is asked by NameEngine(), and a kernel
  // without livepatch is a finding of the checks.
  if (!IsModuleLive(kernel, KLPX_MODULE_NAME) ||
      !HasEngine(kernel, Engine::kKernel) || kernel.Exists(KLPX_ENGINE_FOR)) {
    return chosen;
  }
  return WhyAbsent(kernel);
}

absl::Status CheckIsOn(const PatchState& patch, absl::string_view wanted) {
  if (wanted.empty() || wanted == RowOf(patch.engine).word) {
    return absl::OkStatus();
  }
  return Error(ErrorKind::kRefused, "'", patch.name,
               "': enable refused: ", RowOf(patch.engine).name,
               " runs it, and a patch cannot move from one engine to another; "
               "'klp-controller unload ",
               patch.name, "', then enable its file with --engine ", wanted);
}

absl::Status NameEngine(Kernel& kernel, absl::string_view wanted,
                        const PatchFile& file) {
  if (wanted.empty() || !IsMadeForKernel(file)) return absl::OkStatus();
  // Without klpx.ko, or if that cannot adopt, the kernel's engine takes it.
  if (!file.adopted && !kernel.Exists(KLPX_ENGINE_FOR)) {
    return absl::OkStatus();
  }
  return Write(kernel, KLPX_ENGINE_FOR, absl::StrCat(file.module, " ", wanted));
}

void ForgetEngine(Kernel& kernel) {
  if (EngineFor(kernel).empty()) return;
  kernel.WriteFile(KLPX_ENGINE_FOR, kNoEngineNamed).IgnoreError();
}

void TellEngine(Kernel& kernel, const PatchFile& file, Warnings& warnings) {
  if (!IsMadeForKernel(file)) return;
  const std::optional<PatchState> patch = ReadPatch(kernel, file.module);
  if (!patch) return;
  if (patch->engine == file.engine && !patch->adopted) return;
  std::string line = absl::StrCat("'", file.module, "': ");
  if (patch->engine == file.engine) {
    absl::StrAppend(&line, "adopted: made for ", RowOf(Engine::kKernel).name,
                    ", and klpx runs it");
    warnings.AddNote(line);
    return;
  }
  absl::StrAppend(&line, "was to run on ", RowOf(file.engine).name, ", but ",
                  RowOf(patch->engine).name,
                  " has it: adoption was turned on or off meanwhile; to change "
                  "that, unload the patch and enable it again");
  warnings.Add(line);
}

}  // namespace klpx
