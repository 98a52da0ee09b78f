// SPDX-License-Identifier: GPL-2.0
// accept: marks an enabled patch as good, so that it is loaded at boot.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/error.h"
#include "controller/core/base/patch_name.h"
#include "controller/core/report/report_boot.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/ops/boot/attempt_store.h"
#include "controller/ops/boot/import_kpatch.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

constexpr absl::string_view kVerb = "accept";

absl::StatusOr<int> Done(Kernel& kernel, Console& console,
                         const std::string& patch, const std::string& result,
                         const std::string& message) {
  ActionReport report;
  report.verb = std::string(kVerb);
  report.patch = patch;
  report.result = result;
  report.message = absl::StrCat(patch, ": ", message);
  Print(console, kernel, report);
  return 0;
}

absl::StatusOr<int> List(Kernel& kernel, Console& console,
                         const BootFiles& boot) {
  const absl::StatusOr<AcceptedList> list = ReadAccepted(boot);
  if (!list.ok()) return list.status();
  console.out << (console.style.json ? AcceptedText(kernel.ReadHost(), *list)
                                     : AcceptedListText(*list));
  return 0;
}

absl::StatusOr<int> RevokePatch(Kernel& kernel, Console& console,
                                const BootFiles& boot,
                                const std::string& patch) {
  const absl::StatusOr<bool> was_in = RemoveAccepted(boot, patch);
  if (!was_in.ok()) return was_in.status();
  const absl::Status forgotten = ForgetAttempt(boot, patch);
  if (!forgotten.ok()) return forgotten;
  return *was_in
             ? Done(kernel, console, patch, "revoked",
                    "no longer loaded at boot; if it is enabled now, it "
                    "stays so until unload or reboot")
             : Done(kernel, console, patch, "unchanged", "was not accepted");
}

bool IsKeptOut(const BootFiles& boot, const std::string& patch) {
  const std::vector<KeptOut> kept_out = ReadKeptOut(boot);
  return std::any_of(kept_out.begin(), kept_out.end(),
                     [&](const KeptOut& one) { return one.patch == patch; });
}

// A patch that is not enabled cannot be accepted. But if it is accepted already
// and the guard keeps it out, accepting it again clears its mark.
absl::StatusOr<int> AcceptAbsent(Kernel& kernel, Console& console,
                                 const BootFiles& boot,
                                 const std::string& patch) {
  if (IsAccepted(boot, patch) && IsKeptOut(boot, patch)) {
    const absl::Status forgotten = ForgetAttempt(boot, patch);
    if (!forgotten.ok()) return forgotten;
    return Done(kernel, console, patch, "accepted",
                "will be tried again at the next boot; to try it now: "
                "klp-controller restore");
  }
  return Error(
      ErrorKind::kNoSuchPatch, "'", patch,
      "': accept refused: it is not enabled; enable it first and check "
      "that it works");
}

absl::StatusOr<int> AcceptPatch(Kernel& kernel, Console& console,
                                const BootFiles& boot,
                                const std::string& argument) {
  const absl::StatusOr<std::string> name = ResolveName(kernel, argument);
  if (!name.ok()) return name.status();
  const std::optional<PatchState> patch = ReadPatch(kernel, *name);
  if (!patch || (!patch->enabled && !patch->transition)) {
    return AcceptAbsent(kernel, console, boot, *name);
  }
  if (patch->transition || !patch->replaced_by.empty()) {
    return Error(
        ErrorKind::kRefused, "'", *name,
        "': accept refused: it is in transition; first run 'klp-controller "
        "wait ",
        *name, "'");
  }
  const std::string path =
      IsPath(argument) ? argument : LoadedFrom(boot, *name);
  if (path.empty()) {
    return Error(ErrorKind::kNoSuchPatch, "'", *name,
                 "': accept refused: klp-controller did not load it in this "
                 "boot, so its file is not known; give the path of the .ko "
                 "file");
  }
  const auto dropped = AcceptLoaded(boot, *patch, path);
  if (!dropped.ok()) {
    return Annotate(dropped.status(),
                    absl::StrCat("'", *name, "': accept refused"));
  }
  const absl::Status forgotten = ForgetAttempt(boot, *name);
  if (!forgotten.ok()) return forgotten;
  return Done(kernel, console, *name, "accepted",
              absl::StrCat("loaded at boot from now on",
                           dropped->empty() ? "" : "; it replaces ",
                           absl::StrJoin(*dropped, ", "),
                           dropped->empty() ? "" : " (no longer accepted)"));
}

}  // namespace

absl::StatusOr<int> RunAccept(Context& context, const std::string& patch,
                              const AcceptOptions& options) {
  const absl::Status root = RequireRoot(context.kernel, kVerb);
  if (!root.ok()) return root;
  if (options.import) {
    return ImportKpatch(context.boot, context.console, patch, options.take);
  }
  if (options.list) return List(context.kernel, context.console, context.boot);
  if (patch.empty()) {
    return Error(ErrorKind::kUsage,
                 "accept needs a PATCH, --list or --import-kpatch");
  }
  if (!options.revoke) {
    return AcceptPatch(context.kernel, context.console, context.boot, patch);
  }
  const absl::StatusOr<std::string> name = ResolveName(context.kernel, patch);
  if (!name.ok()) return name.status();
  return RevokePatch(context.kernel, context.console, context.boot, *name);
}

}  // namespace klpx
