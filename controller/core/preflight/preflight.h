// SPDX-License-Identifier: GPL-2.0
// May this patch go into this kernel? Facts in, findings out; each names its
// object, what was found and what to do about it. Nothing is touched here.
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_PREFLIGHT_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_PREFLIGHT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/model.h"
#include "controller/core/kernel/close_names.h"
#include "controller/core/kernel/function_table.h"
#include "controller/core/kernel/kernel_text.h"
#include "controller/core/patch/function_identity.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/dependencies.h"
#include "controller/core/preflight/finding.h"

namespace klpx {

// The symbols, and the modules, that the checks below want to know about.
FunctionSet WantedSymbols(const PatchFile& file);
std::vector<std::string> WantedModules(const PatchFile& file);

// A check that could not be made, and why.
struct SkippedCheck {
  std::string what;
  std::string why;
};

// What the kernel says of itself. Unknown: could not be read, so what depends
// on it is left to the kernel to refuse.
struct KernelFacts {
  std::optional<SymbolCounts> symbols;   // of those wanted
  FunctionTable places;                  // of those wanted
  bool addresses_hidden = false;         // kptr_restrict: places has names only
  NamesAt names_at;                      // of those wanted, aliases too
  CloseNames close_names;                // of those that are not there
  std::optional<FunctionSet> traceable;  // of those wanted, by some name
  // The same by address, which tells functions of one name apart.
  std::optional<std::vector<uint64_t>> sites;
  std::vector<FtraceUse> ftrace_users;  // of those wanted, by some name
  std::vector<KprobeUse> kprobes;       // of those wanted, by some name
  // Has it the engine that the patch is for? (klpx.ko can be loaded.)
  bool has_engine = true;
  bool engine_loaded = false;  // of klpx.ko: is it in already?
  // Patches of the other engine: the first engine that comes to a function
  // keeps it.
  std::vector<PatchState> others;
  // Patches of the same engine, which can be stacked, in stack order.
  std::vector<PatchState> installed;
  absl::flat_hash_set<std::string> modules;  // of those wanted: loaded
  std::string signature_required_by;         // "" if unsigned modules are taken
  LoadingFacts loading;
  std::vector<SkippedCheck> skipped;
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

// A note each.
Findings NotesOn(const std::vector<SkippedCheck>& skipped);

// What is no reason to refuse the patch, but worth knowing.
Findings NotesOn(const PatchFile& file, const KernelFacts& facts);

// Can ftrace redirect it? By address where that is known.
bool IsTraceable(const PatchedFunction& function, const KernelFacts& facts);

// Is the function's object there to be looked at?
bool IsPresent(const PatchedFunction& function, const KernelFacts& facts);

// "function 'ext4_sync' of module 'ext4'".
std::string Describe(const PatchedFunction& function);

// A finding about one function.
Finding FindingOn(const PatchedFunction& function, FindingCode code,
                  std::string found, std::string advice);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_PREFLIGHT_H_
