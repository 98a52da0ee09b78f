// SPDX-License-Identifier: GPL-2.0
// May this patch go into this kernel? Facts in, verdict out.
#include "controller/core/preflight.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "controller/core/error.h"

namespace klpx {
namespace {

// A symbol that is there if and only if the option was set.
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

constexpr absl::string_view kOwnHandler = "[klpx]";

constexpr absl::string_view kVmlinux = "vmlinux";

absl::Status CheckVermagic(const PatchFile& file, absl::string_view release) {
  const absl::string_view vermagic = file.vermagic;
  const absl::string_view built_for = vermagic.substr(0, vermagic.find(' '));
  if (built_for == release) return absl::OkStatus();
  return Error(ErrorKind::kForeignKernel, "built for ", built_for,
               ", this kernel is ", release,
               "; rebuild it with ./run patch-build");
}

std::string Describe(const PatchedFunction& function) {
  if (function.object == kVmlinux) {
    return absl::StrCat("function '", function.name, "'");
  }
  return absl::StrCat("function '", function.name, "' of module '",
                      function.object, "'");
}

absl::Status CheckSymbol(const PatchedFunction& function, uint64_t count) {
  const std::string what = Describe(function);
  if (count == 0) {
    const bool in_kernel = function.object == kVmlinux;
    return Error(ErrorKind::kUnknownFunction, what, " is not in ",
                 in_kernel ? "this kernel" : "the one that is loaded",
                 " (/proc/kallsyms); it may be spelled differently or be "
                 "inlined into its callers");
  }
  if (function.sympos == 0 && count > 1) {
    return Error(ErrorKind::kAmbiguousFunction, what, " is ambiguous: ", count,
                 " symbols have this name; set .old_sympos to 1..", count);
  }
  if (function.sympos > count) {
    return Error(ErrorKind::kUnknownFunction, what, " has .old_sympos ",
                 function.sympos, ", but only ", count,
                 count == 1 ? " symbol has" : " symbols have", " this name");
  }
  return absl::OkStatus();
}

absl::Status CheckOwner(const PatchedFunction& function, const FtraceUse& use,
                        const KernelFacts& facts) {
  if (!use.ip_modify || absl::StrContains(use.owner, kOwnHandler)) {
    return absl::OkStatus();
  }
  std::string owner = use.owner;
  if (owner.empty()) owner = "a user of ftrace that it does not name";
  const auto livepatch = facts.livepatches.find(use.function);
  if (livepatch != facts.livepatches.end()) {
    owner = absl::StrCat("patch '", livepatch->second,
                         "' of the kernel's own livepatch (", owner, ")");
  }
  return Error(ErrorKind::kFunctionOwned, Describe(function),
               " is redirected already by ", owner,
               ", says enabled_functions of tracefs; remove that first");
}

absl::Status CheckOne(const PatchedFunction& function,
                      const KernelFacts& facts) {
  const FunctionKey key(function.object, function.name);
  if (facts.symbols) {
    const auto count = facts.symbols->find(key);
    const absl::Status status = CheckSymbol(
        function, count == facts.symbols->end() ? 0 : count->second);
    if (!status.ok()) return status;
  }
  if (facts.traceable && !facts.traceable->contains(key)) {
    return Error(ErrorKind::kNotTraceable, Describe(function),
                 " cannot be traced (not in available_filter_functions of "
                 "tracefs): it is notrace, assembly or init code");
  }
  if (facts.redirected.contains(key)) return absl::OkStatus();
  for (const FtraceUse& use : facts.ftrace_users) {
    if (use.function != key) continue;
    const absl::Status status = CheckOwner(function, use, facts);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Span<const PatchedFunction> FunctionsOf(const PatchFile& file) {
  if (!file.patch) return {};
  return file.patch->functions;
}

}  // namespace

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

absl::Status CheckKernel(const KernelFacts& facts) {
  if (!facts.symbols) {
    return Error(ErrorKind::kKernelLacks,
                 "this kernel has no /proc/kallsyms (CONFIG_KALLSYMS)");
  }
  std::vector<absl::string_view> missing;
  for (const Need& need : kNeeds) {
    if (!facts.symbols->contains(FunctionKey(kVmlinux, need.symbol))) {
      missing.push_back(need.option);
    }
  }
  if (missing.empty()) return absl::OkStatus();
  return Error(ErrorKind::kKernelLacks, "this kernel was built without ",
               absl::StrJoin(missing, ", "),
               "; boot one that has it (Debian's 6.12 does)");
}

absl::Status CheckFile(const PatchFile& file, absl::string_view release) {
  switch (file.engine) {
    case Engine::kKlpx:
      return CheckVermagic(file, release);
    case Engine::kKernel:
      return Error(ErrorKind::kRefused,
                   "made for the kernel's own livepatch (it imports "
                   "klp_enable_patch), which this version does not drive yet; "
                   "load it with insmod or kpatch");
    case Engine::kNone:
      return Error(ErrorKind::kNotAPatch,
                   "a module, but not a patch: it does not import "
                   "klpx_enable_patch (see docs/PATCH-AUTHORS.md)");
  }
  return absl::OkStatus();
}

absl::Status CheckFunctions(const PatchFile& file, const KernelFacts& facts) {
  for (const PatchedFunction& function : FunctionsOf(file)) {
    // The functions of a module may come later than the patch.
    const bool is_there =
        function.object == kVmlinux || facts.modules.contains(function.object);
    if (!is_there) continue;
    const absl::Status status = CheckOne(function, facts);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

std::vector<std::string> WantedModules(const PatchFile& file) {
  std::vector<std::string> modules;
  if (!file.patch) return modules;
  for (const PatchedObject& object : file.patch->objects) {
    if (object.name != kVmlinux) modules.push_back(object.name);
  }
  return modules;
}

std::vector<std::string> NotesOn(const PatchFile& file,
                                 const KernelFacts& facts) {
  if (!file.patch) {
    return {
        "what it patches is filled in when it is loaded, so its functions "
        "have not been checked"};
  }
  std::vector<std::string> notes;
  for (const std::string& module : WantedModules(file)) {
    if (facts.modules.contains(module)) continue;
    notes.push_back(absl::StrCat("module '", module,
                                 "' is not loaded: its functions have not been "
                                 "checked, they are patched when it comes"));
  }
  return notes;
}

}  // namespace klpx
