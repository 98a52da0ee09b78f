// SPDX-License-Identifier: GPL-2.0
// Can this patch be enabled in this kernel? Facts in, findings out; each
// finding names its object, what was found and what to do about it. No side
// effects.
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_PREFLIGHT_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_PREFLIGHT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/machine.h"
#include "controller/core/kernel/close_names.h"
#include "controller/core/kernel/file_parsers.h"
#include "controller/core/kernel/function_table.h"
#include "controller/core/patch/function_identity.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/dependencies.h"
#include "controller/core/preflight/finding.h"

namespace klpx {

// The symbols and the modules that the checks below need facts about.
FunctionSet WantedSymbols(const PatchFile& file);
std::vector<std::string> WantedModules(const PatchFile& file);

// A check that could not be made, and why.
struct SkippedCheck {
  std::string what;
  std::string why;
};

// What the kernel says about itself. A fact that could not be read is unknown,
// and the checks that depend on it are left to the kernel.
struct KernelFacts {
  std::optional<SymbolCounts> symbols;   // of WantedSymbols()
  FunctionTable places;                  // of WantedSymbols()
  bool addresses_hidden = false;         // kptr_restrict: places has names only
  NamesAt names_at;                      // of WantedSymbols(), with aliases
  CloseNames close_names;                // for wanted symbols that are missing
  std::optional<FunctionSet> traceable;  // of WantedSymbols(), by any name
  // The same by address, which tells functions of the same name apart.
  std::optional<std::vector<uint64_t>> sites;
  std::vector<FtraceUse> ftrace_users;  // of WantedSymbols(), by any name
  std::vector<KprobeUse> kprobes;       // of WantedSymbols(), by any name
  // Does it have the engine of the patch? (True if klpx.ko can be loaded.)
  bool has_engine = true;
  bool engine_loaded = false;  // is klpx.ko loaded already?
  // Patches of the other engine: the first engine to redirect a function keeps
  // it.
  std::vector<PatchState> others;
  // Patches of the same engine, which can be stacked, in stack order.
  std::vector<PatchState> installed;
  absl::flat_hash_set<std::string> modules;  // of WantedModules(): the loaded
  std::string signature_required_by;         // "" if it may be unsigned
  LoadingFacts loading;
  std::vector<SkippedCheck> skipped;
};

// Was this kernel built with what klpx.ko needs? Its symbols tell.
Findings CheckKernel(const KernelFacts& facts);

// Is it a patch for this kernel, and for an engine that the kernel has?
Findings CheckFile(const PatchFile& file, absl::string_view release,
                   const KernelFacts& facts);

Findings CheckSignature(const PatchFile& file, const KernelFacts& facts);

// Can every function be found and redirected? Functions of modules that are not
// loaded are left out.
Findings CheckFunctions(const PatchFile& file, const KernelFacts& facts);

// One note for each skipped check.
Findings NotesOn(const std::vector<SkippedCheck>& skipped);

// What is worth knowing but no reason to refuse the patch.
Findings NotesOn(const PatchFile& file, const KernelFacts& facts);

// Can ftrace redirect it? By address where that is known.
bool IsTraceable(const PatchedFunction& function, const KernelFacts& facts);

// Is the function's object loaded, so that it can be checked?
bool IsPresent(const PatchedFunction& function, const KernelFacts& facts);

// "function 'ext4_sync' of module 'ext4'".
std::string Describe(const PatchedFunction& function);

// A finding about one function.
Finding FindingOn(const PatchedFunction& function, FindingCode code,
                  std::string found, std::string advice);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_PREFLIGHT_H_
