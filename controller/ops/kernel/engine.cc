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
#include "controller/core/kernel/file_parsers.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/proc/module_file.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr absl::Duration kLoadOrRemovalTimeout = absl::Seconds(10);
constexpr absl::Duration kLoadOrRemovalPoll = absl::Milliseconds(20);

std::vector<std::string> Candidates(Kernel& kernel, const EngineFile& where) {
  if (!where.named.empty()) return {where.named};
  const std::string modules =
      absl::StrCat("/lib/modules/", kernel.ReadHost().kernel);
  return {absl::StrCat(modules, "/extra/klpx.ko"),
          absl::StrCat(modules, "/updates/dkms/klpx.ko"),
          absl::StrCat(where.program_dir, "/../klpx.ko")};
}

std::optional<std::string> FindModule(Kernel& kernel, const EngineFile& where) {
  for (const std::string& base : Candidates(kernel, where)) {
    for (const absl::string_view compressed : kCompressedSuffixes) {
      std::string path = absl::StrCat(base, compressed);
      if (kernel.Exists(path)) return path;
    }
  }
  return std::nullopt;
}

// Waits while klpx.ko is being loaded or removed, by this program or by insmod:
// its sysfs directory then exists without its files.
absl::Status AwaitLoadOrRemoval(Kernel& kernel) {
  const absl::Duration start = kernel.Monotonic();
  for (;;) {
    const absl::StatusOr<std::string> state = kernel.ReadFile(
        absl::StrCat("/sys/module/", KLPX_MODULE_NAME, "/initstate"));
    if (!state.ok() || absl::StripAsciiWhitespace(*state) == "live") {
      return absl::OkStatus();
    }
    if (kernel.Monotonic() - start > kLoadOrRemovalTimeout ||
        kernel.Interrupted()) {
      return Error(ErrorKind::kNoEngine, "klpx.ko has been ",
                   absl::StripAsciiWhitespace(*state), " for ",
                   absl::FormatDuration(kLoadOrRemovalTimeout),
                   " ('coming': its init is running, 'going': it is being "
                   "removed); the kernel log (dmesg) may say why");
    }
    kernel.Sleep(kLoadOrRemovalPoll);
  }
}

// A klpx.ko that the user has not named is loaded only if none but root can
// have put it there: the directory beside this program may be writable by a
// group, as /usr/local is.
absl::StatusOr<std::string> ReadEngine(Kernel& kernel, const std::string& path,
                                       bool named) {
  const absl::Status trusted =
      named ? absl::OkStatus() : kernel.CheckTrusted(path);
  if (!trusted.ok()) {
    return Error(ErrorKind::kNoEngine, path,
                 " is not loaded: ", trusted.message(),
                 "; to load it anyway, name it with --klpx-module");
  }
  absl::StatusOr<std::string> bytes = ReadModuleFile(kernel, path);
  if (bytes.ok()) return bytes;
  return Error(ErrorKind::kNoEngine,
               "klpx.ko cannot be loaded: ", bytes.status().message());
}

}  // namespace

absl::Status CheckEngineAbi(Kernel& kernel) {
  const std::optional<uint64_t> abi = EngineAbi(kernel);
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

absl::Status CheckEngine(Kernel& kernel, Engine engine) {
  return RowOf(engine).is_module ? CheckEngineAbi(kernel) : absl::OkStatus();
}

absl::Status EnsureEngine(Kernel& kernel, Engine engine,
                          const EngineFile& where) {
  if (!RowOf(engine).is_module) return absl::OkStatus();
  const absl::Status done = AwaitLoadOrRemoval(kernel);
  if (!done.ok()) return done;
  if (IsModuleLoaded(kernel, KLPX_MODULE_NAME)) {
    return CheckEngineAbi(kernel);
  }
  const std::optional<std::string> path = FindModule(kernel, where);
  if (!path) {
    return Error(
        ErrorKind::kNoEngine, "klpx.ko not found, looked for ",
        absl::StrJoin(Candidates(kernel, where), ", "),
        ", compressed or not; install it or name it with --klpx-module");
  }
  const absl::StatusOr<std::string> bytes =
      ReadEngine(kernel, *path, /*named=*/!where.named.empty());
  if (!bytes.ok()) return bytes.status();
  const LoadOutcome outcome =
      LoadModule(kernel, *path, KLPX_MODULE_NAME, *bytes);
  // EEXIST: it was loaded in the meantime, by insmod or modprobe.
  if (!outcome.status.ok() && ErrnoOf(outcome.status) != EEXIST) {
    return Error(ErrorKind::kNoEngine,
                 "klpx.ko cannot be loaded: ", outcome.status.message(), ": ",
                 outcome.complaints.empty()
                     ? "the kernel log (dmesg) may say more"
                     : outcome.complaints.back());
  }
  return CheckEngineAbi(kernel);
}

LoadOutcome LoadModule(Kernel& kernel, const std::string& path,
                       const std::string& module, absl::string_view bytes) {
  const size_t seen = LogComplaints(kernel.ReadKernelLog(), module).size();
  LoadOutcome outcome;
  outcome.status = kernel.LoadModule(path, bytes);
  if (outcome.status.ok()) return outcome;
  outcome.complaints = LogComplaints(kernel.ReadKernelLog(), module);
  // If there are fewer than before, the log has overwritten old complaints, so
  // none is certainly new.
  const size_t old = std::min(seen, outcome.complaints.size());
  outcome.complaints.erase(outcome.complaints.begin(),
                           outcome.complaints.begin() + old);
  return outcome;
}

}  // namespace klpx
