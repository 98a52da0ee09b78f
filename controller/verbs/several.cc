// SPDX-License-Identifier: GPL-2.0
// Verbs for several patches at once.
#include "controller/verbs/several.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/patch_name.h"
#include "controller/core/base/text.h"
#include "controller/ops/boot/known.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

using Patches = std::vector<std::string>;
using RunOne =
    std::function<absl::StatusOr<int>(Context&, const std::string& patch)>;

absl::Status AllOrNames(absl::string_view verb, const Patches& patches,
                        bool all) {
  if (patches.empty() == all) return absl::OkStatus();
  return Error(ErrorKind::kUsage, verb,
               all ? ": give either --all or patch names, not both"
                   : " needs a PATCH, or --all");
}

absl::Status CheckNoWait(absl::string_view verb, const Patches& patches,
                         const WaitOptions& wait) {
  if (!wait.no_wait || patches.size() < 2) return absl::OkStatus();
  return Error(ErrorKind::kUsage, verb, ": --no-wait takes one patch, because ",
               "only one can be in transition at a time");
}

// Adds the patches that were not tried to the error: the user has to repeat the
// verb for these.
absl::Status WithRest(const absl::Status& status, const Patches& patches,
                      size_t failed) {
  if (failed + 1 == patches.size()) return status;
  const Patches rest(patches.begin() + static_cast<long>(failed) + 1,
                     patches.end());
  return Error(KindOf(status), status.message(),
               "; not tried: ", Printable(absl::StrJoin(rest, ", ")));
}

absl::StatusOr<int> RunEach(Context& context, const Patches& patches,
                            const RunOne& run) {
  for (size_t i = 0; i < patches.size(); i++) {
    // Each patch has a transition of its own, so each run gets its own
    // recorder.
    Context one(context, context.console.out, context.console.err);
    one.console.style = context.console.style;
    const absl::StatusOr<int> code = run(one, patches[i]);
    if (!code.ok()) return WithRest(code.status(), patches, i);
    if (*code != 0) return code;
  }
  return 0;
}

absl::StatusOr<int> Nothing(Kernel& kernel, Console& console,
                            absl::string_view verb, absl::string_view what) {
  ActionReport report;
  report.verb = std::string(verb);
  report.result = "unchanged";
  report.message = std::string(what);
  Print(console, kernel, report);
  return 0;
}

// The rank of a patch in the order of removal: modules of disabled patches and
// unknown names first, then the stack from its top, the engine last.
uint64_t Height(Kernel& kernel, const std::string& patch) {
  if (ModuleName(patch) == KLPX_MODULE_NAME) return 0;
  const absl::StatusOr<PatchState> state = ResolvePatch(kernel, patch);
  if (!state.ok() || !state->stack_order) {
    return std::numeric_limits<uint64_t>::max();
  }
  return *state->stack_order;
}

Patches FromTheTop(Kernel& kernel, const Patches& patches) {
  std::vector<std::pair<uint64_t, std::string>> sorted;
  for (const std::string& patch : patches) {
    sorted.emplace_back(Height(kernel, patch), patch);
  }
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const auto& a, const auto& b) { return a.first > b.first; });
  Patches names;
  for (auto& [height, patch] : sorted) names.push_back(std::move(patch));
  return names;
}

// All patches; with in_use_only without the modules of disabled patches.
Patches AllNames(Kernel& kernel, bool in_use_only) {
  Patches names;
  for (const PatchState& patch : ReadPatches(kernel)) {
    const bool in_use = patch.registered && (patch.enabled || patch.transition);
    if (in_use || !in_use_only) names.push_back(patch.name);
  }
  return names;
}

absl::Status CheckFiles(Kernel& kernel, const Patches& patches) {
  for (const std::string& patch : patches) {
    if (!IsPath(patch) || kernel.Exists(patch)) continue;
    return Error(ErrorKind::kNoSuchPatch, "'", Printable(patch),
                 "': no such file; nothing was enabled");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> RunEnableEach(Context& context, const Patches& patches,
                                  bool all, EnableOptions options) {
  absl::Status status = AllOrNames("enable", patches, all);
  if (status.ok()) status = CheckNoWait("enable", patches, options.wait);
  if (!status.ok()) return status;
  if (all) {
    if (options.dry_run || options.wait.no_wait || !options.engine.empty()) {
      return Error(ErrorKind::kUsage,
                   "enable --all: takes none of --dry-run, --no-wait and "
                   "--engine");
    }
    return RunRestore(context, options.wait.timeout, {});
  }
  const RunOne enable = [&](Context& one, const std::string& patch) {
    options.patch = patch;
    return RunEnable(one, options);
  };
  if (patches.size() == 1) return enable(context, patches.front());
  status = CheckFiles(context.kernel, patches);
  if (!status.ok()) return status;
  return RunEach(context, patches, enable);
}

absl::StatusOr<int> RunDisableEach(Context& context, const Patches& patches,
                                   bool all, const WaitOptions& wait) {
  absl::Status status = AllOrNames("disable", patches, all);
  if (status.ok()) status = CheckNoWait("disable", patches, wait);
  if (!status.ok()) return status;
  const RunOne disable = [&](Context& one, const std::string& patch) {
    return RunDisable(one, {patch, wait});
  };
  if (patches.size() == 1) return disable(context, patches.front());
  for (const std::string& patch : patches) {
    const absl::Status there = ResolvePatch(context.kernel, patch).status();
    if (!there.ok()) return there;
  }
  const Patches names =
      all ? AllNames(context.kernel, /*in_use_only=*/true) : patches;
  if (names.empty()) {
    return Nothing(context.kernel, context.console, "disable",
                   "no patch is enabled");
  }
  if (all) {
    status = CheckNoWait("disable", names, wait);
    if (!status.ok()) return status;
  }
  return RunEach(context, FromTheTop(context.kernel, names), disable);
}

absl::StatusOr<int> RunUnloadEach(Context& context, const Patches& patches,
                                  bool all, const WaitOptions& wait) {
  const absl::Status status = AllOrNames("unload", patches, all);
  if (!status.ok()) return status;
  const RunOne unload = [&](Context& one, const std::string& patch) {
    return RunUnload(one, {patch, wait});
  };
  if (patches.size() == 1) return unload(context, patches.front());
  for (const std::string& patch : patches) {
    const absl::Status known =
        CheckKnown(context.boot, context.recorder, patch);
    if (!known.ok()) return known;
  }
  const Patches names =
      all ? AllNames(context.kernel, /*in_use_only=*/false) : patches;
  if (names.empty()) {
    return Nothing(context.kernel, context.console, "unload",
                   "no patch is loaded");
  }
  return RunEach(context, FromTheTop(context.kernel, names), unload);
}

absl::StatusOr<int> RunPreflightEach(Context& context, const Patches& patches) {
  if (patches.empty()) {
    return Error(ErrorKind::kUsage, "preflight needs a PATCH");
  }
  if (patches.size() == 1) return RunPreflight(context, patches.front());
  int first = 0;
  for (const std::string& patch : patches) {
    const absl::StatusOr<int> code = RunPreflight(context, patch);
    // An unreadable file says nothing about the others: check them all.
    if (!code.ok() && context.console.style.json) {
      context.console.out << ErrorJson(context.kernel.ReadHost(), "preflight",
                                       code.status());
    } else if (!code.ok()) {
      context.console.err << ErrorText(code.status());
    }
    if (first == 0) first = code.ok() ? *code : ExitCodeOf(code.status());
  }
  return first;
}

}  // namespace klpx
