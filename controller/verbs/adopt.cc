// SPDX-License-Identifier: GPL-2.0
// adopt: shows, or turns on or off, whether klpx.ko runs patches made for the
// kernel's own livepatch.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/report/report_adopt.h"
#include "controller/ops/kernel/adoption.h"
#include "controller/ops/kernel/engine.h"
#include "controller/ops/kernel/load_lock.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/patch/load.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/reports.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

constexpr absl::string_view kVerb = "adopt";

int Report(Kernel& kernel, Console& console, absl::string_view result,
           const std::string& message) {
  ActionReport report;
  report.verb = std::string(kVerb);
  report.result = std::string(result);
  report.message = message;
  Print(console, kernel, report);
  return 0;
}

absl::StatusOr<int> Show(Context& context) {
  const AdoptReport report = ReadAdopt(context);
  context.console.out << (context.console.style.json ? AdoptJson(report)
                                                     : AdoptText(report));
  return 0;
}

// The patches that the change does not reach; "" if there are none.
std::string Staying(const std::vector<std::string>& names, Engine engine) {
  if (names.empty()) return "";
  return absl::StrCat("; ", Printable(absl::StrJoin(names, ", ")),
                      names.size() == 1 ? " stays on " : " stay on ",
                      RowOf(engine).name, " until unloaded and enabled again");
}

absl::StatusOr<int> TurnOn(Context& context, const AdoptOptions& options) {
  // klpx.ko may be loaded here, and removed again if it refuses.
  const absl::StatusOr<std::optional<FileLock>> lock = LockLoading(
      context.kernel, context.console, context.boot.run_dir, context.boot.verb);
  if (!lock.ok()) return lock.status();
  const bool had_engine = IsModuleLoaded(context.kernel, KLPX_MODULE_NAME);
  absl::Cleanup undo = [&] {
    if (had_engine || !lock->has_value()) return;
    RemoveModule(context.kernel, context.recorder, KLPX_MODULE_NAME)
        .IgnoreError();
  };
  const absl::Status engine =
      EnsureEngine(context.kernel, Engine::kKlpx,
                   {options.klpx_module, context.program_dir});
  if (!engine.ok()) return engine;
  const bool was_on = Adopts(context.kernel).value_or(false);
  if (!was_on) {
    const absl::Status set = SetAdoption(context.kernel, true);
    if (!set.ok()) return set;
  }
  std::move(undo).Cancel();
  if (was_on) {
    return Report(context.kernel, context.console, "unchanged",
                  "adoption was on already");
  }
  return Report(
      context.kernel, context.console, "complete",
      absl::StrCat(
          "adoption is on: patches made for ", RowOf(Engine::kKernel).name,
          " that are enabled from now on run on klpx",
          Staying(KernelNames(ReadPatches(context.kernel)), Engine::kKernel)));
}

absl::StatusOr<int> TurnOff(Context& context) {
  // An enable that has chosen its engine loads its patch first.
  const absl::StatusOr<std::optional<FileLock>> lock = LockLoading(
      context.kernel, context.console, context.boot.run_dir, context.boot.verb);
  if (!lock.ok()) return lock.status();
  if (!Adopts(context.kernel).value_or(false)) {
    return Report(context.kernel, context.console, "unchanged",
                  "adoption was off already");
  }
  const absl::Status set = SetAdoption(context.kernel, false);
  if (!set.ok()) return set;
  return Report(
      context.kernel, context.console, "complete",
      absl::StrCat(
          "adoption is off: patches made for ", RowOf(Engine::kKernel).name,
          " that are enabled from now on run there",
          Staying(AdoptedNames(ReadPatches(context.kernel)), Engine::kKlpx)));
}

}  // namespace

AdoptReport ReadAdopt(Context& context) {
  AdoptReport report;
  report.host = context.kernel.ReadHost();
  report.engine_loaded = IsModuleLoaded(context.kernel, KLPX_MODULE_NAME);
  report.kernel_engine = HasEngine(context.kernel, Engine::kKernel);
  report.adopts = Adopts(context.kernel);
  report.engine_for = EngineFor(context.kernel);
  report.patches = ReadPatches(context.kernel);
  return report;
}

absl::StatusOr<int> RunAdopt(Context& context, const AdoptOptions& options) {
  if (options.state.empty()) return Show(context);
  const bool on = options.state == "on";
  if (!on && options.state != "off") {
    return Error(ErrorKind::kUsage, "adopt: unknown state '",
                 Printable(options.state), "'; write on or off");
  }
  const std::string operation = absl::StrCat("adopt ", options.state);
  const absl::Status root = RequireRoot(context.kernel, operation);
  if (!root.ok()) return root;
  const absl::StatusOr<int> code =
      on ? TurnOn(context, options) : TurnOff(context);
  if (code.ok()) return code;
  return Annotate(code.status(), absl::StrCat(operation, " refused"));
}

}  // namespace klpx
