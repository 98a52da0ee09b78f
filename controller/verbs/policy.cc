// SPDX-License-Identifier: GPL-2.0
// policy: shows the attached policy, checks a policy file, and changes what is
// attached.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/report/report_policy.h"
#include "controller/ops/kernel/engine.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/reports.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

constexpr absl::string_view kVerb = "policy";

int Report(Kernel& kernel, Console& console, absl::string_view result,
           const std::string& message,
           const std::vector<std::string>& warnings = {}) {
  ActionReport report;
  report.verb = std::string(kVerb);
  report.result = std::string(result);
  report.message = message;
  report.warnings = warnings;
  for (const std::string& warning : warnings) Warn(console, warning);
  Print(console, kernel, report);
  return 0;
}

std::string FileOf(const std::string& file) {
  return file.empty() ? kPolicyFile : file;
}

absl::StatusOr<int> Show(Context& context, const PolicyOptions& options) {
  const absl::StatusOr<PolicyReport> report =
      ReadPolicyReport(context, options.file);
  if (!report.ok()) return report.status();
  context.console.out << (context.console.style.json ? PolicyJson(*report)
                                                     : PolicyText(*report));
  return 0;
}

absl::StatusOr<int> Check(Context& context, const PolicyOptions& options) {
  const absl::StatusOr<std::optional<Policy>> policy =
      ReadPolicy(context.kernel, FileOf(options.file));
  if (!policy.ok()) return policy.status();
  return Report(context.kernel, context.console, "unchanged",
                absl::StrCat(FileOf(options.file), ": no mistakes"));
}

absl::StatusOr<int> Apply(Context& context, const PolicyOptions& options) {
  const absl::StatusOr<std::vector<std::string>> warnings =
      ApplyPolicy(context.kernel, context.machine.policy, FileOf(options.file));
  if (!warnings.ok()) return warnings.status();
  return Report(
      context.kernel, context.console, "complete",
      absl::StrCat("the rules of ", FileOf(options.file), " are now in force"),
      *warnings);
}

absl::StatusOr<int> Load(Context& context, const PolicyOptions& options) {
  const absl::Status attached =
      context.machine.policy.AttachObject(options.file);
  if (!attached.ok()) return attached;
  return Report(context.kernel, context.console, "complete",
                absl::StrCat("policy '", AttachedPolicy(context.kernel),
                             "' of ", options.file, " is now in force"));
}

absl::StatusOr<int> Unload(Context& context, const PolicyOptions&) {
  const absl::StatusOr<bool> detached = context.machine.policy.Detach();
  if (!detached.ok()) return detached.status();
  return *detached ? Report(context.kernel, context.console, "complete",
                            absl::StrCat("detached; the engine now sends its "
                                         "own fake signals, ",
                                         SignalPaceWords()))
                   : Report(context.kernel, context.console, "unchanged",
                            "klp-controller has no policy attached");
}

struct Action {
  absl::string_view name;
  bool needs_file;
  bool needs_engine;
  absl::StatusOr<int> (*run)(Context&, const PolicyOptions&);
};

constexpr Action kActions[] = {{"show", false, false, Show},
                               {"check", false, false, Check},
                               {"apply", false, true, Apply},
                               {"load", true, true, Load},
                               {"unload", false, false, Unload}};

}  // namespace

absl::StatusOr<PolicyReport> ReadPolicyReport(Context& context,
                                              const std::string& file) {
  PolicyReport report;
  report.host = context.kernel.ReadHost();
  report.attached = AttachedPolicy(context.kernel);
  report.file = FileOf(file);
  absl::StatusOr<std::optional<Policy>> policy =
      ReadPolicy(context.kernel, file);
  if (!policy.ok()) return policy.status();
  report.policy = *std::move(policy);
  return report;
}

absl::StatusOr<int> RunPolicy(Context& context, const PolicyOptions& options) {
  for (const Action& action : kActions) {
    if (action.name != options.action) continue;
    if (action.needs_file && options.file.empty()) {
      return Error(ErrorKind::kUsage, "policy ", action.name,
                   ": needs the path of a BPF object file");
    }
    if (action.name != "check") {
      const absl::Status root =
          RequireRoot(context.kernel, absl::StrCat("policy ", action.name));
      if (!root.ok()) return root;
    }
    if (action.needs_engine) {
      const absl::Status engine = CheckEngineAbi(context.kernel);
      if (!engine.ok()) return engine;
    }
    return action.run(context, options);
  }
  return Error(ErrorKind::kUsage, "policy: unknown action '", options.action,
               "'; known are show, check, apply, load, unload");
}

}  // namespace klpx
