// SPDX-License-Identifier: GPL-2.0
// Can this patch be enabled in this kernel? Facts in, findings out.
#include "controller/core/preflight/preflight.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "controller/core/base/abi.h"

namespace klpx {
namespace {

// A symbol that the kernel has if and only if the option was set.
struct Need {
  absl::string_view symbol;
  absl::string_view option;
};
constexpr Need kNeeds[] = {
    {"init_task", "CONFIG_KALLSYMS_ALL"},
    {"register_kprobe", "CONFIG_KPROBES"},
    {"ftrace_set_filter_ips", "CONFIG_DYNAMIC_FTRACE"},
    {"stack_trace_save_tsk_reliable", "CONFIG_STACKTRACE"},
    {"unwind_module_init", "CONFIG_UNWINDER_ORC"},
    {"__x64_sys_bpf", "CONFIG_BPF_SYSCALL"},
};

Finding OfPatch(FindingCode code, std::string found, std::string advice) {
  return {code, "", "", std::move(found), std::move(advice)};
}

void CheckVermagic(const PatchFile& file, absl::string_view release,
                   Findings& findings) {
  const absl::string_view vermagic = file.vermagic;
  const absl::string_view built_for = vermagic.substr(0, vermagic.find(' '));
  if (built_for == release) return;
  findings.push_back(OfPatch(
      FindingCode::kForeignKernel,
      absl::StrCat("built for ", built_for, ", this kernel is ", release),
      "rebuild it with ./run patch-build"));
}

// The compiler's renamed copies of a function without a symbol of its own.
std::string VariantsOf(const FunctionKey& key, const KernelFacts& facts) {
  const auto places = facts.places.find(key);
  if (places == facts.places.end()) return "";
  return absl::StrJoin(places->second.variants, ", ");
}

std::string SpellingAdvice(const PatchedFunction& function,
                           const KernelFacts& facts) {
  const auto close = facts.close_names.find({function.object, function.name});
  if (close == facts.close_names.end() || close->second.empty()) {
    return "it may be spelled differently or be inlined into its callers";
  }
  return absl::StrCat("similar names: ", absl::StrJoin(close->second, ", "),
                      "; or it is inlined into its callers");
}

Finding UnknownFunction(const PatchedFunction& function,
                        const KernelFacts& facts) {
  const std::string variants =
      VariantsOf({function.object, function.name}, facts);
  const std::string where =
      function.object == kVmlinux ? "this kernel" : "the loaded module";
  std::string found = absl::StrCat(Describe(function), " is not in ", where,
                                   " (/proc/kallsyms)");
  if (variants.empty()) {
    return FindingOn(function, FindingCode::kUnknownFunction, std::move(found),
                     SpellingAdvice(function, facts));
  }
  absl::StrAppend(&found, ", but ", variants,
                  " is: the compiler has changed its arguments");
  return FindingOn(function, FindingCode::kUnknownFunction, std::move(found),
                   "patch its callers instead");
}

void CheckSymbol(const PatchedFunction& function, const KernelFacts& facts,
                 Findings& findings) {
  const auto entry = facts.symbols->find({function.object, function.name});
  const uint64_t count = entry == facts.symbols->end() ? 0 : entry->second;
  const std::string what = Describe(function);
  if (count == 0) {
    findings.push_back(UnknownFunction(function, facts));
  } else if (function.sympos == 0 && count > 1) {
    findings.push_back(FindingOn(
        function, FindingCode::kAmbiguousFunction,
        absl::StrCat(what, " is ambiguous: ", count, " symbols have this name"),
        absl::StrCat("set .old_sympos to 1..", count)));
  } else if (function.sympos > count) {
    findings.push_back(FindingOn(
        function, FindingCode::kUnknownFunction,
        absl::StrCat(what, " has .old_sympos ", function.sympos, ", but only ",
                     count, count == 1 ? " symbol has" : " symbols have",
                     " this name"),
        ""));
  }
}

void CheckTraceable(const PatchedFunction& function, const KernelFacts& facts,
                    Findings& findings) {
  const FunctionKey key(function.object, function.name);
  // A missing function has a finding already.
  if (facts.symbols && !facts.symbols->contains(key)) return;
  if (IsTraceable(function, facts)) return;
  findings.push_back(
      FindingOn(function, FindingCode::kNotTraceable,
                absl::StrCat(Describe(function),
                             " cannot be traced (not in "
                             "available_filter_functions of tracefs): it is "
                             "notrace, assembly or init code"),
                ""));
}

absl::Span<const PatchedFunction> FunctionsOf(const PatchFile& file) {
  if (!file.patch) return {};
  return file.patch->functions;
}

// Two names of one function would give it two versions of one patch, which
// klpx.ko refuses.
void CheckAliases(const PatchFile& file, const KernelFacts& facts,
                  Findings& findings) {
  absl::flat_hash_map<FunctionIdentity, const PatchedFunction*> seen;
  for (const PatchedFunction& function : FunctionsOf(file)) {
    const auto [first, is_new] = seen.try_emplace(
        Identify(facts.places, {function.object, function.name},
                 function.sympos),
        &function);
    if (is_new || first->second->name == function.name) continue;
    findings.push_back(FindingOn(
        function, FindingCode::kSameFunction,
        absl::StrCat(Describe(function), " and '", first->second->name,
                     "' are one function: both names have the same address"),
        "give it one replacement"));
  }
}

}  // namespace

std::string Describe(const PatchedFunction& function) {
  if (function.object == kVmlinux) {
    return absl::StrCat("function '", function.name, "'");
  }
  return absl::StrCat("function '", function.name, "' of module '",
                      function.object, "'");
}

Finding FindingOn(const PatchedFunction& function, FindingCode code,
                  std::string found, std::string advice) {
  return {code, function.object, function.name, std::move(found),
          std::move(advice)};
}

bool IsTraceable(const PatchedFunction& function, const KernelFacts& facts) {
  const FunctionKey key(function.object, function.name);
  const auto body = BodyOf(facts.places, key, function.sympos);
  if (facts.sites && body && body->start != body->end) {
    const auto site =
        std::lower_bound(facts.sites->begin(), facts.sites->end(), body->start);
    return site != facts.sites->end() && *site < body->end;
  }
  const std::vector<FunctionKey> names =
      NamesOf(function, facts.places, facts.names_at);
  return std::any_of(names.begin(), names.end(), [&](const FunctionKey& name) {
    return facts.traceable->contains(name);
  });
}

bool IsPresent(const PatchedFunction& function, const KernelFacts& facts) {
  return function.object == kVmlinux || facts.modules.contains(function.object);
}

FunctionSet WantedSymbols(const PatchFile& file) {
  FunctionSet wanted;
  for (const PatchedFunction& function : FunctionsOf(file)) {
    wanted.insert({function.object, function.name});
  }
  for (const Need& need : kNeeds) {
    wanted.insert(FunctionKey(kVmlinux, need.symbol));
  }
  return wanted;
}

Findings CheckKernel(const KernelFacts& facts) {
  if (!facts.symbols) {
    return {OfPatch(FindingCode::kKernelLacks,
                    "this kernel has no /proc/kallsyms (CONFIG_KALLSYMS)", "")};
  }
  std::vector<absl::string_view> missing;
  for (const Need& need : kNeeds) {
    if (!facts.symbols->contains(FunctionKey(kVmlinux, need.symbol))) {
      missing.push_back(need.option);
    }
  }
  if (missing.empty()) return {};
  return {OfPatch(FindingCode::kKernelLacks,
                  absl::StrCat("this kernel was built without ",
                               absl::StrJoin(missing, ", ")),
                  "boot one that has it (Debian's 6.12 does)")};
}

Findings CheckFile(const PatchFile& file, absl::string_view release,
                   const KernelFacts& facts) {
  Findings findings;
  if (file.module == KLPX_MODULE_NAME) {
    findings.push_back(
        OfPatch(FindingCode::kNotAPatch, "klpx.ko is the engine, not a patch",
                "'klp-controller enable PATCH.ko' loads it by itself"));
    return findings;
  }
  if (file.engine == Engine::kNone) {
    findings.push_back(OfPatch(
        FindingCode::kNotAPatch,
        "a module, but not a patch: it does not import klpx_enable_patch "
        "(see docs/PATCH-AUTHORS.md) or klp_enable_patch",
        ""));
    return findings;
  }
  if (!facts.has_engine) {
    findings.push_back(OfPatch(
        FindingCode::kKernelEngine,
        "made for the kernel's own livepatch (it imports klp_enable_patch), "
        "which this kernel was built without (CONFIG_LIVEPATCH)",
        "rebuild its source with klpx/upstream.h, for klpx.ko"));
  }
  CheckVermagic(file, release, findings);
  return findings;
}

Findings CheckSignature(const PatchFile& file, const KernelFacts& facts) {
  if (file.is_signed || facts.signature_required_by.empty()) return {};
  return {OfPatch(FindingCode::kSignatureRequired,
                  absl::StrCat("it is not signed, and this kernel accepts only "
                               "signed modules, according to ",
                               facts.signature_required_by),
                  "sign it (scripts/sign-file of the kernel) with a key that "
                  "the kernel trusts")};
}

Findings CheckFunctions(const PatchFile& file, const KernelFacts& facts) {
  Findings findings;
  for (const PatchedFunction& function : FunctionsOf(file)) {
    // A module may be loaded after the patch.
    if (!facts.symbols || !IsPresent(function, facts)) continue;
    CheckSymbol(function, facts, findings);
  }
  if (file.engine == Engine::kKlpx) CheckAliases(file, facts, findings);
  for (const PatchedFunction& function : FunctionsOf(file)) {
    if (!facts.traceable || !IsPresent(function, facts)) continue;
    CheckTraceable(function, facts, findings);
  }
  return findings;
}

std::vector<std::string> WantedModules(const PatchFile& file) {
  std::vector<std::string> modules;
  if (!file.patch) return modules;
  for (const PatchedObject& object : file.patch->objects) {
    if (object.name != kVmlinux) modules.push_back(object.name);
  }
  return modules;
}

Findings NotesOn(const std::vector<SkippedCheck>& skipped) {
  Findings notes;
  for (const auto& [what, why] : skipped) {
    notes.push_back(OfPatch(FindingCode::kNotChecked,
                            absl::StrCat("not checked: ", what, ": ", why),
                            ""));
  }
  return notes;
}

Findings NotesOn(const PatchFile& file, const KernelFacts& facts) {
  if (!file.patch) {
    return {OfPatch(FindingCode::kNotDescribed,
                    "what it patches is filled in only when it is loaded, so "
                    "its functions have not been checked",
                    "")};
  }
  Findings notes;
  for (const std::string& module : WantedModules(file)) {
    if (facts.modules.contains(module)) continue;
    // CheckDescription() reports a name that no module can have.
    if (klpx_judge_object_name(module.c_str()) == KLPX_OBJECT_FILE) continue;
    notes.push_back({FindingCode::kModuleNotLoaded, module, "",
                     absl::StrCat("module '", module,
                                  "' is not loaded: its functions have not "
                                  "been checked, and are patched once it is "
                                  "loaded"),
                     ""});
  }
  return notes;
}

}  // namespace klpx
