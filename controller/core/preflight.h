// SPDX-License-Identifier: GPL-2.0
// May this patch go into this kernel? Facts in, findings out; each names its
// object, what was found and what to do about it. Nothing is touched here.
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "controller/core/finding.h"
#include "controller/core/function_table.h"
#include "controller/core/kernel_text.h"
#include "controller/core/patch_file.h"

namespace klpx {

// The symbols, and the modules, that the checks below want to know about.
FunctionSet WantedSymbols(const PatchFile& file);
std::vector<std::string> WantedModules(const PatchFile& file);

// What the kernel says of itself. Unknown: could not be read, so what depends
// on it is left to the kernel to refuse.
struct KernelFacts {
  std::optional<SymbolCounts> symbols;   // of those wanted
  FunctionTable places;                  // of those wanted
  std::optional<FunctionSet> traceable;  // of those wanted
  std::vector<FtraceUse> ftrace_users;   // of those wanted
  std::vector<KprobeUse> kprobes;        // of those wanted
  // Has it the engine that the patch is for? (klpx.ko can be loaded.)
  bool has_engine = true;
  // Patches of the other engine, by the function they redirect: the first
  // engine that comes to a function keeps it.
  absl::flat_hash_map<FunctionKey, std::string> others;
  // Patches of the same engine, which can be stacked, in stack order.
  std::vector<PatchState> installed;
  FunctionSet redirected;                    // by them
  absl::flat_hash_set<std::string> modules;  // of those wanted: loaded
  std::string signature_required_by;         // "" if unsigned modules are taken
};

// Was this kernel built with what klpx.ko needs? Told by the symbols it has.
Findings CheckKernel(const KernelFacts& facts);

// Is it a patch, for an engine that is there, for this kernel?
Findings CheckFile(const PatchFile& file, absl::string_view release,
                   const KernelFacts& facts);

Findings CheckSignature(const PatchFile& file, const KernelFacts& facts);

// Can every function be found and redirected? Those of modules that are not
// loaded are left out.
Findings CheckFunctions(const PatchFile& file, const KernelFacts& facts);

// What is no reason to refuse the patch, but worth knowing.
Findings NotesOn(const PatchFile& file, const KernelFacts& facts);

// Is the function's object there to be looked at?
bool IsPresent(const PatchedFunction& function, const KernelFacts& facts);

// "function 'ext4_sync' of module 'ext4'".
std::string Describe(const PatchedFunction& function);

// A finding about one function.
Finding FindingOn(const PatchedFunction& function, FindingCode code,
                  std::string found, std::string advice);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_H_
