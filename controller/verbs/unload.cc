// SPDX-License-Identifier: GPL-2.0
// unload: disables a patch and removes its module, or removes the engine.
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/ops/boot/known.h"
#include "controller/ops/console/warnings.h"
#include "controller/ops/history/forced.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/adoption.h"
#include "controller/ops/kernel/load_lock.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/ops/patch/load.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

constexpr absl::string_view kVerb = "unload";

int Report(Kernel& kernel, Console& console, const std::string& patch,
           absl::string_view result, absl::string_view what) {
  ActionReport report;
  report.verb = std::string(kVerb);
  report.patch = patch;
  report.result = std::string(result);
  report.message = absl::StrCat(patch, ": ", what);
  Print(console, kernel, report);
  return 0;
}

absl::StatusOr<int> UnloadEngine(const Machine& machine, Console& console,
                                 Recorder& recorder, const BootFiles& boot) {
  const std::string engine = KLPX_MODULE_NAME;
  // A running enable may rely on the engine before it has loaded its patch.
  const absl::StatusOr<std::optional<FileLock>> lock =
      LockLoading(machine.kernel, console, boot.run_dir, boot.verb);
  if (!lock.ok()) return Annotate(lock.status(), "'klpx': unload refused");
  const size_t patches = ReadPatches(machine.kernel, Engine::kKlpx).size();
  if (patches > 0) {
    return Error(ErrorKind::kRefused,
                 "'klpx': unload refused: ", Count(patches, "patch module"),
                 " still loaded ('klp-controller list'); unload them first");
  }
  const bool loaded = IsModuleLoaded(machine.kernel, engine);
  // The engine's record of its transitions is lost with the module.
  if (loaded) RecordEnd(recorder);
  absl::Status status = machine.policy.Detach().status();
  // While adoption is on, klpx.ko holds itself, and Unpin() waits until only
  // what it does not know of holds klpx.ko.
  const bool adopts = Adopts(machine.kernel).value_or(false);
  if (status.ok() && adopts) status = SetAdoption(machine.kernel, false);
  if (status.ok()) status = machine.observer.Unpin();
  if (status.ok() && loaded) {
    status = RemoveModule(machine.kernel, recorder, engine);
  }
  if (!status.ok() && adopts) {
    // It stays, so it goes on adopting.
    SetAdoption(machine.kernel, true).IgnoreError();
  }
  if (!status.ok()) return Annotate(status, "'klpx': unload refused");
  return loaded ? Report(machine.kernel, console, engine, "complete", "removed")
                : Report(machine.kernel, console, engine, "unchanged",
                         "not loaded");
}

std::string Refused(const std::string& patch) {
  return absl::StrCat("'", patch, "': unload refused");
}

// The part that unload shares with disable, without a report.
absl::Status DisableFirst(const Supervisor& supervisor, const PatchState& patch,
                          const DisableOptions& options) {
  absl::Status status =
      CheckNoOtherTransition(supervisor.kernel, patch.engine, patch.name);
  if (status.ok() && patch.enabled) {
    status = StartDisable(supervisor.kernel, supervisor.recorder, patch);
  }
  if (!status.ok()) return Annotate(status, Refused(patch.name));
  // From here on errors are no refusals: the transition is still running, or it
  // was reversed.
  WaitOptions wait = WithDeadline(supervisor.kernel, supervisor.console,
                                  patch.name, options.wait);
  wait.no_wait = false;
  return WaitForTransition(supervisor, patch.name, /*patching=*/false, wait)
      .status();
}

}  // namespace

absl::StatusOr<int> RunUnload(Context& context, const DisableOptions& options) {
  const absl::Status root = RequireRoot(context.kernel, kVerb);
  if (!root.ok()) return root;
  const absl::StatusOr<std::string> name =
      ResolveName(context.kernel, options.patch);
  if (!name.ok()) return name.status();
  if (*name == KLPX_MODULE_NAME) {
    return UnloadEngine(context.machine, context.console, context.recorder,
                        context.boot);
  }
  const absl::StatusOr<PatchState> patch = ResolvePatch(context.kernel, *name);
  if (!patch.ok()) {
    if (!IsModuleLoaded(context.kernel, *name)) {
      const absl::Status known =
          CheckKnown(context.boot, context.recorder, options.patch);
      if (!known.ok()) return known;
      return Report(context.kernel, context.console, *name, "unchanged",
                    "not loaded");
    }
    return Error(ErrorKind::kNotAPatch, "'", *name,
                 "': unload refused: a module, but not a patch");
  }
  Warnings(context.console).Add(ForceWarnings(context.recorder, *name));
  if (patch->registered && IsPermanent(context.kernel, *name)) {
    return Error(ErrorKind::kModulePinned, Refused(*name),
                 ": its module has no module_exit(), so the kernel cannot "
                 "remove it; 'klp-controller disable ",
                 *name, "' takes the patch out of use");
  }
  if (patch->registered) {
    const absl::Status disabled =
        DisableFirst(context.supervisor(), *patch, options);
    if (!disabled.ok()) return disabled;
  }
  if (patch->forced.value_or(false)) {
    return Error(ErrorKind::kModulePinned, Refused(*name),
                 ": disabled, but it was forced: its module stays until the "
                 "next reboot");
  }
  const absl::Status removed =
      RemoveModule(context.kernel, context.recorder, *name);
  if (!removed.ok() && patch->registered) {
    return Annotate(
        removed, absl::StrCat("'", *name, "': disabled, but its module stays"));
  }
  if (!removed.ok()) return Annotate(removed, Refused(*name));
  return Report(
      context.kernel, context.console, *name, "complete",
      patch->registered ? "disabled, module removed" : "module removed");
}

}  // namespace klpx
