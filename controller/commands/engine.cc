// SPDX-License-Identifier: GPL-2.0
// Gets klpx.ko into the kernel, and makes sure that it speaks our language.
#include "controller/commands/engine.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/abi.h"
#include "controller/core/error.h"
#include "controller/core/kernel_text.h"
#include "controller/core/patch_name.h"
#include "controller/sys/errno_status.h"
#include "controller/sys/sysfs.h"

namespace klpx {
namespace {

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
  const LoadOutcome outcome = LoadModule(context, *path, KLPX_MODULE_NAME);
  // EEXIST: somebody else has loaded it in the meantime.
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
                       const std::string& module) {
  const size_t seen =
      LogComplaints(context.kernel.ReadKernelLog(), module).size();
  LoadOutcome outcome;
  outcome.status = context.kernel.LoadModule(path);
  if (outcome.status.ok()) return outcome;
  outcome.complaints = LogComplaints(context.kernel.ReadKernelLog(), module);
  // Fewer than before: the log has overwritten old ones, so none is certain.
  const size_t old = std::min(seen, outcome.complaints.size());
  outcome.complaints.erase(outcome.complaints.begin(),
                           outcome.complaints.begin() + old);
  return outcome;
}

}  // namespace klpx
