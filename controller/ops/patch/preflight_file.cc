// SPDX-License-Identifier: GPL-2.0
// All checks of a patch file against the running kernel. The cheap checks come
// first, since an enable ends at the first fatal finding.
#include "controller/ops/patch/preflight_file.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/preflight/description_check.h"
#include "controller/core/preflight/function_users.h"
#include "controller/core/preflight/preflight.h"
#include "controller/core/preflight/state_compatibility.h"
#include "controller/ops/kernel/engine.h"
#include "controller/ops/kernel/read_facts.h"
#include "controller/ops/kernel/read_types.h"
#include "controller/ops/patch/load.h"
#include "controller/ops/policy/rule_facts.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

// The most names in one note.
constexpr size_t kMostNames = 5;

// Looks in facts that were read once, so that all checks see the same moment.
const PatchState* FindPatch(const std::string& name, const KernelFacts& facts) {
  for (const auto* patches : {&facts.installed, &facts.others}) {
    for (const PatchState& patch : *patches) {
      if (patch.name == name) return &patch;
    }
  }
  return nullptr;
}

// Is the name of the patch free?
absl::Status CheckNameFree(Kernel& kernel, const PatchFile& file,
                           const PatchState* patch) {
  if (patch != nullptr && (patch->enabled || patch->transition)) {
    if (IsLoadedBuild(kernel, file).value_or(false)) return absl::OkStatus();
    return Error(ErrorKind::kNameTaken, "another build of '", file.module,
                 "' is ", StateWord(*patch),
                 "; unload that first ('klp-controller unload ", file.module,
                 "') or rename the module");
  }
  if (patch != nullptr || !IsModuleLoaded(kernel, file.module)) {
    return absl::OkStatus();
  }
  return Error(ErrorKind::kNameTaken, "a module '", file.module,
               "' that is not a patch is loaded; rename the patch module");
}

// The checks that do not depend on the functions.
Findings CheckPatch(Kernel& kernel, const PatchFile& file,
                    const KernelFacts& facts) {
  Findings findings;
  const auto add = [&](FindingCode code, const absl::Status& status) {
    if (!status.ok()) findings.push_back(FindingOf(code, status));
  };
  const PatchState* now = FindPatch(file.module, facts);
  if (file.engine != Engine::kNone) {
    add(FindingCode::kNameTaken, CheckNameFree(kernel, file, now));
  }
  Append(CheckFile(file, kernel.ReadHost().kernel, facts), findings);
  add(FindingCode::kTransitionRunning,
      CheckNoOtherTransition(facts.installed, file.module));
  add(FindingCode::kStatesDiffer, CheckStates(file, facts.installed));
  Append(CheckSignature(file, facts), findings);
  Append(CheckLoading(facts.loading), findings);
  if (RowOf(file.engine).is_module && IsModuleLive(kernel, KLPX_MODULE_NAME)) {
    add(FindingCode::kEngineAbi, CheckEngineAbi(kernel));
  }
  if (now != nullptr && now->enabled && findings.empty()) {
    findings.push_back(
        {FindingCode::kAlreadyEnabled, "", "",
         absl::StrCat("patch '", file.module, "' is already ", StateWord(*now)),
         ""});
  }
  return findings;
}

// If several functions share a name, BTF does not say which one it describes.
void DropAmbiguous(const KernelFacts& facts, Prototypes& prototypes) {
  if (!facts.symbols) return;
  for (const auto& [key, count] : *facts.symbols) {
    if (count <= 1) continue;
    prototypes.old_ones.erase(key);
    prototypes.ambiguous.insert(key);
  }
}

// Says which prototypes were not compared, and why. Functions of modules that
// are not loaded have a note of their own.
std::vector<SkippedCheck> NotCompared(
    const std::vector<CheckedFunction>& functions) {
  std::map<std::string, std::vector<std::string>> by_reason;
  for (const CheckedFunction& checked : functions) {
    if (!checked.present || checked.not_compared.empty()) continue;
    by_reason[checked.not_compared].push_back(checked.function.name);
  }
  std::vector<SkippedCheck> skipped;
  for (auto& [why, names] : by_reason) {
    const size_t more = names.size() - std::min(names.size(), kMostNames);
    names.resize(names.size() - more);
    skipped.push_back(
        {absl::StrCat("the prototype of ", absl::StrJoin(names, ", "),
                      more > 0 ? absl::StrCat(" and ", more, " more") : ""),
         why});
  }
  return skipped;
}

std::vector<CheckedFunction> Checked(const PatchFile& file,
                                     const KernelFacts& facts,
                                     const Prototypes& prototypes) {
  std::vector<CheckedFunction> checked;
  if (!file.patch) return checked;
  for (const PatchedFunction& function : file.patch->functions) {
    const FunctionKey key(function.object, function.name);
    const auto [was, is] = FindPair(function, prototypes);
    CheckedFunction entry;
    entry.function = function;
    entry.present = IsPresent(function, facts);
    if (facts.symbols) {
      const auto count = facts.symbols->find(key);
      entry.symbols = count == facts.symbols->end() ? 0 : count->second;
    }
    if (facts.traceable) entry.traceable = IsTraceable(function, facts);
    if (was) entry.old_prototype = Render(*was, function.name);
    if (is) entry.new_prototype = Render(*is, function.replacement);
    if (was && is) entry.same_prototype = !Difference(*was, *is);
    entry.not_compared = entry.present ? WhyNotCompared(function, prototypes)
                                       : "its module is not loaded";
    checked.push_back(std::move(entry));
  }
  return checked;
}

absl::StatusOr<Forecast> LookAround(const Machine& machine,
                                    const PatchFile& file,
                                    const KernelFacts& facts,
                                    const PreflightFileOptions& options) {
  if (!facts.symbols || facts.addresses_hidden) {
    return absl::UnavailableError(
        "the addresses of the functions are not known (/proc/kallsyms: "
        "kernel.kptr_restrict, CAP_SYSLOG)");
  }
  absl::StatusOr<std::unique_ptr<StackWalk>> walk =
      machine.observer.OpenStackWalk();
  if (!walk.ok()) return walk.status();
  std::vector<std::vector<TaskStack>> looks;
  for (int i = 0; i < options.looks; i++) {
    if (i > 0) machine.kernel.Sleep(options.interval);
    absl::StatusOr<std::vector<TaskStack>> look = (*walk)->Look();
    if (!look.ok()) return look.status();
    looks.push_back(*std::move(look));
  }
  Forecast forecast = Foresee(looks, FindForbidden(*file.patch, facts.places),
                              file.patch->model == "stop-machine");
  FollowPolicyThatCounts(machine.kernel, machine.policy, file, forecast);
  return forecast;
}

}  // namespace

PreflightReport PreflightFile(const Machine& machine, const PatchFile& file,
                              const PreflightFileOptions& options) {
  const KernelFacts facts = ReadFacts(machine.kernel, file);
  PreflightReport report;
  report.file = file;
  report.signature_required_by = facts.signature_required_by;
  Findings& findings = report.findings;
  Append(CheckPatch(machine.kernel, file, facts), findings);
  Append(CheckDescription(file), findings);
  if (file.engine == Engine::kNone) return report;
  if (file.engine == Engine::kKlpx) Append(CheckKernel(facts), findings);
  Append(CheckFunctions(file, facts), findings);
  Append(CheckFunctionUsers(file, facts), findings);
  if (!options.all && !FirstFatal(findings).ok()) return report;
  // A file for another kernel must not be read with the types of this one.
  Prototypes prototypes;
  if (Has(findings, FindingCode::kForeignKernel)) {
    prototypes.new_unread = "it is built for another kernel";
  } else {
    prototypes = ReadPrototypes(machine.kernel, file);
  }
  DropAmbiguous(facts, prototypes);
  Append(CheckPrototypes(file, prototypes), findings);
  report.functions = Checked(file, facts, prototypes);
  Append(NotesOn(file, facts), findings);
  Append(NotesOn(facts.skipped), findings);
  const bool refused = !FirstFatal(findings).ok();
  if (options.all && !refused) {
    Append(NotesOn(NotCompared(report.functions)), findings);
  }
  if (!file.patch || refused) return report;
  absl::StatusOr<Forecast> forecast = LookAround(machine, file, facts, options);
  if (!forecast.ok()) {
    report.forecast_error = std::string(forecast.status().message());
    return report;
  }
  Append(FindingsOf(*forecast), findings);
  report.forecast = *std::move(forecast);
  return report;
}

}  // namespace klpx
