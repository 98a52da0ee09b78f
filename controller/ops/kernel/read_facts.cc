// SPDX-License-Identifier: GPL-2.0
// Reads what the running kernel says that matters for a patch file.
#include "controller/ops/kernel/read_facts.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/patch_name.h"
#include "controller/core/preflight/forecast.h"
#include "controller/core/transition/patch_stack.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr absl::string_view kTracefs[] = {"/sys/kernel/tracing/",
                                          "/sys/kernel/debug/tracing/"};
constexpr char kKprobes[] = "/sys/kernel/debug/kprobes/list";
constexpr char kKallsyms[] = "/proc/kallsyms";
constexpr char kSigEnforce[] = "/sys/module/module/parameters/sig_enforce";
constexpr char kLockdown[] = "/sys/kernel/security/lockdown";
constexpr char kModulesDisabled[] = "/proc/sys/kernel/modules_disabled";
constexpr char kOwnStatus[] = "/proc/self/status";

// Limits the functions for which close names are searched: each search goes
// through all symbols.
constexpr size_t kMostSuggested = 8;

// Reads a file; if that fails, returns nothing and adds a reason to the facts.
// `may_be_empty`: is an empty file a valid answer?
std::optional<std::string> Read(Kernel& kernel, const std::string& path,
                                absl::string_view what, bool may_be_empty,
                                KernelFacts& facts) {
  absl::StatusOr<std::string> text = kernel.ReadFile(path);
  if (text.ok() && (may_be_empty || !text->empty())) return *std::move(text);
  facts.skipped.push_back(
      {std::string(what), text.ok() ? absl::StrCat(path, " is empty")
                                    : std::string(text.status().message())});
  return std::nullopt;
}

std::string TracefsFile(Kernel& kernel, absl::string_view name) {
  for (const absl::string_view dir : kTracefs) {
    std::string path = absl::StrCat(dir, name);
    if (kernel.Exists(path)) return path;
  }
  return "";
}

std::optional<std::string> ReadTracefs(Kernel& kernel, absl::string_view name,
                                       absl::string_view what,
                                       KernelFacts& facts) {
  const std::string path = TracefsFile(kernel, name);
  if (!path.empty()) {
    return Read(kernel, path, what, /*may_be_empty=*/true, facts);
  }
  facts.skipped.push_back({std::string(what),
                           "tracefs is not there ('mount -t tracefs tracefs "
                           "/sys/kernel/tracing')"});
  return std::nullopt;
}

void ReadTraceable(Kernel& kernel, const FunctionSet& names,
                   KernelFacts& facts) {
  constexpr absl::string_view kWhat =
      "whether ftrace can redirect its functions";
  constexpr absl::string_view kWithAddresses =
      "available_filter_functions_addrs";
  if (!TracefsFile(kernel, kWithAddresses).empty()) {
    const auto text = ReadTracefs(kernel, kWithAddresses, kWhat, facts);
    if (!text) return;
    FtraceSites sites = FindFtraceSites(*text, names);
    facts.traceable = std::move(sites.names);
    facts.sites = std::move(sites.addresses);
    return;
  }
  // Before 6.5.
  const auto text =
      ReadTracefs(kernel, "available_filter_functions", kWhat, facts);
  if (text) facts.traceable = FindTraceable(*text, names);
}

void ReadHolders(Kernel& kernel, const FunctionSet& names, KernelFacts& facts) {
  if (const auto text =
          ReadTracefs(kernel, "enabled_functions",
                      "what else redirects or traces its functions", facts)) {
    facts.ftrace_users = FindFtraceUsers(*text, names);
  }
  if (const auto text = Read(kernel, kKprobes, "kprobes on its functions",
                             /*may_be_empty=*/true, facts)) {
    facts.kprobes = FindKprobes(*text, names);
  }
}

// Reads which patches replace functions, in the engine of the patch and in the
// other.
void ReadEngines(Kernel& kernel, const PatchFile& file, KernelFacts& facts) {
  // An adopted patch calls functions of the kernel's engine, too.
  const bool needs_kernel = file.adopted || !RowOf(file.engine).is_module;
  facts.has_engine = !needs_kernel || HasEngine(kernel, Engine::kKernel);
  facts.engine_loaded = IsModuleLoaded(kernel, KLPX_MODULE_NAME);
  for (PatchState& patch : ReadPatches(kernel)) {
    (patch.engine == file.engine ? facts.installed : facts.others)
        .push_back(std::move(patch));
  }
}

FunctionSet UnknownOf(const PatchFile& file, const KernelFacts& facts) {
  FunctionSet unknown;
  if (!file.patch || !facts.symbols) return unknown;
  for (const PatchedFunction& function : file.patch->functions) {
    const FunctionKey key(function.object, function.name);
    if (!IsPresent(function, facts) || facts.symbols->contains(key)) continue;
    if (unknown.size() < kMostSuggested) unknown.insert(key);
  }
  return unknown;
}

bool AreHidden(const FunctionTable& places) {
  for (const auto& [key, found] : places) {
    for (const AddressRange& body : found.bodies) {
      if (body.start != 0) return false;
    }
  }
  return !places.empty();
}

// Reads the symbols of all functions that a check asks about.
void ReadSymbols(Kernel& kernel, const PatchFile& file,
                 const FunctionSet& wanted, KernelFacts& facts) {
  const auto text =
      Read(kernel, kKallsyms, "addresses and names of its functions",
           /*may_be_empty=*/false, facts);
  if (!text) return;
  facts.symbols = CountSymbols(*text, wanted);
  FunctionSet placed = SchedulerBounds();
  placed.insert(wanted.begin(), wanted.end());
  placed.merge(PatchedNames(facts.installed));
  placed.merge(PatchedNames(facts.others));
  facts.places = FindFunctions(*text, placed);
  if (AreHidden(facts.places)) {
    facts.addresses_hidden = true;
    facts.skipped.push_back(
        {"other names of its functions, and which tasks are in them",
         "the kernel hides addresses from this process (kernel.kptr_restrict, "
         "CAP_SYSLOG)"});
  }
  facts.loading.missing_symbols = MissingSymbols(*text, file);
  facts.names_at = FindNamesAt(*text, facts.places);
  const FunctionSet unknown = UnknownOf(file, facts);
  if (!unknown.empty()) facts.close_names = FindCloseNames(*text, unknown);
}

void ReadSignatures(Kernel& kernel, KernelFacts& facts) {
  const auto enforced = kernel.ReadFile(kSigEnforce);
  if (enforced.ok() && absl::StartsWith(*enforced, "Y")) {
    facts.signature_required_by = "module.sig_enforce";
    return;
  }
  const std::string mode =
      LockdownMode(kernel.ReadFile(kLockdown).value_or(""));
  if (mode.empty()) return;
  facts.signature_required_by = absl::StrCat("the lockdown mode '", mode, "'");
}

// Reads all loading facts but the missing symbols.
void ReadLoading(Kernel& kernel, const PatchFile& file, LoadingFacts& facts) {
  const auto disabled = kernel.ReadFile(kModulesDisabled);
  facts.modules_disabled = disabled.ok() && absl::StartsWith(*disabled, "1");
  const auto status = kernel.ReadFile(kOwnStatus);
  if (status.ok()) facts.may_load = MayLoadModules(*status);
  for (const std::string& depends : file.depends) {
    const std::string module = ModuleName(depends);
    if (module == KLPX_MODULE_NAME) continue;
    if (IsModuleLoaded(kernel, module)) continue;
    facts.absent_modules.push_back(module);
  }
}

}  // namespace

LoadingFacts ReadLoadingFacts(Kernel& kernel, const PatchFile& file) {
  LoadingFacts facts;
  ReadLoading(kernel, file, facts);
  const auto kallsyms = kernel.ReadFile(kKallsyms);
  if (kallsyms.ok() && !kallsyms->empty()) {
    facts.missing_symbols = MissingSymbols(*kallsyms, file);
  }
  return facts;
}

KernelFacts ReadFacts(Kernel& kernel, const PatchFile& file) {
  const FunctionSet wanted = WantedSymbols(file);
  KernelFacts facts;
  for (const std::string& module : WantedModules(file)) {
    if (IsModuleLoaded(kernel, module)) facts.modules.insert(module);
  }
  ReadEngines(kernel, file, facts);
  ReadSymbols(kernel, file, wanted, facts);
  const FunctionSet names =
      WithOtherNames(wanted, facts.places, facts.names_at);
  ReadTraceable(kernel, names, facts);
  ReadHolders(kernel, names, facts);
  ReadSignatures(kernel, facts);
  ReadLoading(kernel, file, facts.loading);
  return facts;
}

}  // namespace klpx
