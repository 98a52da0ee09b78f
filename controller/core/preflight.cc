// SPDX-License-Identifier: GPL-2.0
// May this patch go into this kernel? Facts in, verdict out.
#include "controller/core/preflight.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

absl::string_view FirstWord(absl::string_view text) {
  return text.substr(0, text.find(' '));
}

absl::string_view AfterFirstWord(absl::string_view text) {
  const size_t blank = text.find(' ');
  return blank == absl::string_view::npos ? "" : text.substr(blank + 1);
}

absl::Status CheckVermagic(const PatchFile& file, const KernelFacts& facts) {
  const absl::string_view release = FirstWord(file.vermagic);
  if (release != facts.release) {
    return Error(ErrorKind::kForeignKernel, "built for ", release,
                 ", this kernel is ", facts.release,
                 "; rebuild it with ./run patch-build");
  }
  const absl::string_view have = AfterFirstWord(file.vermagic);
  const absl::string_view want = AfterFirstWord(facts.vermagic);
  if (want.empty() || have == want) return absl::OkStatus();
  return Error(ErrorKind::kForeignKernel, "built for another build of ",
               release, ": vermagic differs (have '", have, "', want '", want,
               "'); rebuild it against this kernel's headers");
}

std::string Describe(const PatchedFunction& function) {
  if (function.object == "vmlinux") {
    return absl::StrCat("function '", function.name, "'");
  }
  return absl::StrCat("function '", function.name, "' of module '",
                      function.object, "'");
}

absl::Status CheckSymbol(const PatchedFunction& function, uint64_t count) {
  const std::string what = Describe(function);
  if (count == 0) {
    return Error(ErrorKind::kUnknownFunction, what,
                 " is not in this kernel (/proc/kallsyms); it may be spelled "
                 "differently or be inlined into its callers");
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

absl::Status CheckOwner(const PatchedFunction& function, const FtraceUse& use) {
  if (!use.ip_modify || absl::StrContains(use.owner, kOwnHandler)) {
    return absl::OkStatus();
  }
  const absl::string_view owner =
      use.owner.empty() ? "a user of ftrace that it does not name" : use.owner;
  return Error(ErrorKind::kFunctionOwned, Describe(function),
               " is redirected already by ", owner,
               " (enabled_functions of tracefs); remove that user first");
}

FunctionSet WantedOf(const PatchFile& file) {
  FunctionSet wanted;
  for (const PatchedFunction& function : file.functions) {
    wanted.insert({function.object, function.name});
  }
  return wanted;
}

}  // namespace

absl::Status CheckKernel(absl::string_view kallsyms) {
  if (kallsyms.empty()) {
    return Error(ErrorKind::kKernelLacks,
                 "this kernel has no /proc/kallsyms (CONFIG_KALLSYMS)");
  }
  FunctionSet wanted;
  for (const Need& need : kNeeds) {
    wanted.insert({"vmlinux", std::string(need.symbol)});
  }
  const auto counts = CountSymbols(kallsyms, wanted);
  std::vector<absl::string_view> missing;
  for (const Need& need : kNeeds) {
    if (!counts.contains(FunctionKey("vmlinux", need.symbol))) {
      missing.push_back(need.option);
    }
  }
  if (missing.empty()) return absl::OkStatus();
  return Error(ErrorKind::kKernelLacks, "this kernel was built without ",
               absl::StrJoin(missing, ", "),
               "; boot one that has it (Debian's 6.12 does)");
}

absl::Status CheckFile(const PatchFile& file, const KernelFacts& facts) {
  switch (file.engine) {
    case Engine::kKlpx:
      return CheckVermagic(file, facts);
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
  const FunctionSet wanted = WantedOf(file);
  const auto counts = CountSymbols(facts.kallsyms, wanted);
  const FunctionSet traceable = FindTraceable(facts.traceable, wanted);
  const auto users = FindFtraceUsers(facts.enabled_functions, wanted);
  for (const PatchedFunction& function : file.functions) {
    // The functions of a module may come later than the patch.
    if (function.object != "vmlinux") continue;
    const FunctionKey key(function.object, function.name);
    const auto count = counts.find(key);
    absl::Status status = absl::OkStatus();
    if (!facts.kallsyms.empty()) {
      status = CheckSymbol(function, count == counts.end() ? 0 : count->second);
    }
    if (!status.ok()) return status;
    if (!facts.traceable.empty() && !traceable.contains(key)) {
      return Error(ErrorKind::kNotTraceable, Describe(function),
                   " cannot be traced (not in available_filter_functions of "
                   "tracefs): it is notrace, assembly or init code");
    }
    if (facts.redirected.contains(key)) continue;
    for (const FtraceUse& use : users) {
      if (use.function == key) status = CheckOwner(function, use);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace klpx
