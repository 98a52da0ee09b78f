// SPDX-License-Identifier: GPL-2.0
// Loads klpx.ko, and checks that its ABI is that of this program.
#include "controller/ops/kernel/engine.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/patch_name.h"
#include "controller/core/kernel/kernel_text.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/proc/module_file.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr absl::Duration kSettleTimeout = absl::Seconds(10);
constexpr absl::Duration kSettlePoll = absl::Milliseconds(20);

std::vector<std::string> Candidates(Context& context,
                                    const std::string& module_path) {
  if (!module_path.empty()) return {module_path};
  const std::string modules =
      absl::StrCat("/lib/modules/", context.kernel.ReadHost().kernel);
  return {absl::StrCat(modules, "/extra/klpx.ko"),
          absl::StrCat(modules, "/updates/dkms/klpx.ko"),
          absl::StrCat(context.program_dir, "/../klpx.ko")};
}

std::optional<std::string> FindModule(Context& context,
                                      const std::string& module_path) {
  for (const std::string& base : Candidates(context, module_path)) {
    for (const absl::string_view compressed : kCompressedSuffixes) {
      std::string path = absl::StrCat(base, compressed);
      if (context.kernel.Exists(path)) return path;
    }
  }
  return std::nullopt;
}

// Waits while klpx.ko is being loaded or removed, by this program or by insmod:
// its sysfs directory then exists without its files.
absl::Status AwaitSettled(Context& context) {
  const absl::Duration start = context.kernel.Monotonic();
  for (;;) {
    const absl::StatusOr<std::string> state = context.kernel.ReadFile(
        absl::StrCat("/sys/module/", KLPX_MODULE_NAME, "/initstate"));
    if (!state.ok() || absl::StripAsciiWhitespace(*state) == "live") {
      return absl::OkStatus();
    }
    if (context.kernel.Monotonic() - start > kSettleTimeout ||
        context.kernel.Interrupted()) {
      return Error(ErrorKind::kNoEngine, "klpx.ko has been ",
                   absl::StripAsciiWhitespace(*state), " for ",
                   absl::FormatDuration(kSettleTimeout),
                   " ('coming': its init is running, 'going': it is being "
                   "removed); the kernel log (dmesg) may say why");
    }
    context.kernel.Sleep(kSettlePoll);
  }
}

// A klpx.ko that the user has not named is loaded only if none but root can
// have put it there: the directory beside this program may be writable by a
// group, as /usr/local is.
absl::StatusOr<std::string> ReadEngine(Context& context,
                                       const std::string& path, bool named) {
  const absl::Status trusted =
      named ? absl::OkStatus() : context.kernel.CheckTrusted(path);
  if (!trusted.ok()) {
    return Error(ErrorKind::kNoEngine, path,
                 " is not loaded: ", trusted.message(),
                 "; to load it anyway, name it with --klpx-module");
  }
  absl::StatusOr<std::string> bytes = ReadModuleFile(context.kernel, path);
  if (bytes.ok()) return bytes;
  return Error(ErrorKind::kNoEngine,
               "klpx.ko cannot be loaded: ", bytes.status().message());
}

}  // namespace

absl::Status CheckEngineAbi(Context& context) {
  const std::optional<uint64_t> abi = EngineAbi(context.kernel);
  if (!abi) {
    return Error(ErrorKind::kNoEngine,
                 "klpx.ko is not loaded; 'klp-controller enable PATCH.ko' "
                 "loads it");
  }
  if (*abi == KLPX_ABI_VERSION) return absl::OkStatus();
  return Error(ErrorKind::kNoEngine, "klpx.ko has ABI ", *abi,
               ", this klp-controller needs ", KLPX_ABI_VERSION,
               "; install both from one build ('klp-controller unload klpx' "
               "removes the loaded one)");
}

absl::Status CheckEngine(Context& context, Engine engine) {
  return RowOf(engine).is_module ? CheckEngineAbi(context) : absl::OkStatus();
}

absl::Status EnsureEngine(Context& context, Engine engine,
                          const std::string& module_path) {
  if (!RowOf(engine).is_module) return absl::OkStatus();
  const absl::Status settled = AwaitSettled(context);
  if (!settled.ok()) return settled;
  if (IsModuleLoaded(context.kernel, KLPX_MODULE_NAME)) {
    return CheckEngineAbi(context);
  }
  const std::optional<std::string> path = FindModule(context, module_path);
  if (!path) {
    return Error(
        ErrorKind::kNoEngine, "klpx.ko not found, looked for ",
        absl::StrJoin(Candidates(context, module_path), ", "),
        ", compressed or not; install it or name it with --klpx-module");
  }
  const absl::StatusOr<std::string> bytes =
      ReadEngine(context, *path, /*named=*/!module_path.empty());
  if (!bytes.ok()) return bytes.status();
  const LoadOutcome outcome =
      LoadModule(context, *path, KLPX_MODULE_NAME, *bytes);
  // EEXIST: it was loaded in the meantime, by insmod or modprobe.
  if (!outcome.status.ok() && ErrnoOf(outcome.status) != EEXIST) {
    return Error(ErrorKind::kNoEngine,
                 "klpx.ko cannot be loaded: ", outcome.status.message(), ": ",
                 outcome.complaints.empty()
                     ? "the kernel log (dmesg) may say more"
                     : outcome.complaints.back());
  }
  return CheckEngineAbi(context);
}

LoadOutcome LoadModule(Context& context, const std::string& path,
                       const std::string& module, absl::string_view bytes) {
  const size_t seen =
      LogComplaints(context.kernel.ReadKernelLog(), module).size();
  LoadOutcome outcome;
  outcome.status = context.kernel.LoadModule(path, bytes);
  if (outcome.status.ok()) return outcome;
  outcome.complaints = LogComplaints(context.kernel.ReadKernelLog(), module);
  // If there are fewer than before, the log has overwritten old complaints, so
  // none is certainly new.
  const size_t old = std::min(seen, outcome.complaints.size());
  outcome.complaints.erase(outcome.complaints.begin(),
                           outcome.complaints.begin() + old);
  return outcome;
}

}  // namespace klpx
