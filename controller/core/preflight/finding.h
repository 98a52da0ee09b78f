// SPDX-License-Identifier: GPL-2.0
// What a check before an enable has found: the one table of codes, how severe
// each is, and which error it becomes. It does not know the checks.
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_FINDING_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_FINDING_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/exit_codes.h"

namespace klpx {

enum class Severity {
  kFatal,    // the patch is refused
  kWarning,  // it can be enabled, but may not do what is wanted
  kNote,     // worth knowing
};

enum class FindingCode {
  kNotAModule,
  kNotAPatch,
  kKernelEngine,
  kForeignKernel,
  kSignatureRequired,
  kKernelLacks,
  kEngineAbi,
  kNameTaken,
  kTransitionRunning,
  kStatesDiffer,
  kUnknownFunction,
  kAmbiguousFunction,
  kNotTraceable,
  kFunctionOwned,
  kPrototypeDiffers,
  kProbeInside,
  kAlwaysOnStack,
  kBlocksForGood,
  kMachineNotStopped,
  kNotDescribed,
  kModuleNotLoaded,
  kStacked,
  kProbed,
  kDirectCaller,
  kBlocksUntilSignal,
  kAlreadyEnabled,
  kSetsOverlap,
  kPerhapsOwned,
  kNotChecked,
  kLoadingForbidden,
  kMissingModule,
  kUnknownSymbol,
  kSameFunction,
  kBadDescription,
  kNeverPatched,
  kNoExit,
  kPermanent,
  kSpinningKthread,
  kLeftAlone,
};

struct FindingRow {
  FindingCode code;
  Severity severity;
  ErrorKind kind;  // if it is fatal
  absl::string_view word;
  absl::string_view meaning;
};

// A word is never given a new meaning; new codes are added at the end.
inline constexpr FindingRow kFindingTable[] = {
    {FindingCode::kNotAModule, Severity::kFatal, ErrorKind::kNotAModule,
     "not_a_module", "not a kernel module, or a truncated one"},
    {FindingCode::kNotAPatch, Severity::kFatal, ErrorKind::kNotAPatch,
     "not_a_patch", "a module, but not a patch, or a broken one"},
    {FindingCode::kKernelEngine, Severity::kFatal, ErrorKind::kRefused,
     "kernel_engine",
     "made for the kernel's own livepatch, which this kernel lacks"},
    {FindingCode::kForeignKernel, Severity::kFatal, ErrorKind::kForeignKernel,
     "foreign_kernel", "built for another kernel"},
    {FindingCode::kSignatureRequired, Severity::kFatal, ErrorKind::kRefused,
     "signature_required", "the kernel accepts only signed modules"},
    {FindingCode::kKernelLacks, Severity::kFatal, ErrorKind::kKernelLacks,
     "kernel_lacks", "the kernel was built without an option that is needed"},
    {FindingCode::kEngineAbi, Severity::kFatal, ErrorKind::kNoEngine,
     "engine_abi", "the loaded klpx.ko has another version"},
    {FindingCode::kNameTaken, Severity::kFatal, ErrorKind::kNameTaken,
     "name_taken", "another module of its name is loaded"},
    {FindingCode::kTransitionRunning, Severity::kFatal,
     ErrorKind::kTransitionRunning, "transition_running",
     "another patch is in transition"},
    {FindingCode::kStatesDiffer, Severity::kFatal, ErrorKind::kRefused,
     "states_differ", "its states do not fit those of the installed patches"},
    {FindingCode::kUnknownFunction, Severity::kFatal,
     ErrorKind::kUnknownFunction, "unknown_function",
     "the kernel has no function of that name"},
    {FindingCode::kAmbiguousFunction, Severity::kFatal,
     ErrorKind::kAmbiguousFunction, "ambiguous_function",
     "several functions have that name"},
    {FindingCode::kNotTraceable, Severity::kFatal, ErrorKind::kNotTraceable,
     "not_traceable", "ftrace cannot redirect the function"},
    {FindingCode::kFunctionOwned, Severity::kFatal, ErrorKind::kFunctionOwned,
     "function_owned", "another user of ftrace redirects the function"},
    {FindingCode::kPrototypeDiffers, Severity::kWarning, ErrorKind::kFailure,
     "prototype_differs", "the new function takes or returns something else"},
    {FindingCode::kProbeInside, Severity::kWarning, ErrorKind::kFailure,
     "probe_inside", "a kprobe is in the body that is being replaced"},
    {FindingCode::kAlwaysOnStack, Severity::kWarning, ErrorKind::kFailure,
     "always_on_stack", "some task was in the function at every look"},
    {FindingCode::kBlocksForGood, Severity::kWarning, ErrorKind::kFailure,
     "blocks_for_good", "no signal wakes tasks that sleep in the function"},
    {FindingCode::kMachineNotStopped, Severity::kWarning, ErrorKind::kFailure,
     "machine_not_stopped", "tasks prevent stopping the machine"},
    {FindingCode::kNotDescribed, Severity::kNote, ErrorKind::kFailure,
     "not_described", "what it patches is known only once it is loaded"},
    {FindingCode::kModuleNotLoaded, Severity::kNote, ErrorKind::kFailure,
     "module_not_loaded", "functions of a module that is not loaded yet"},
    {FindingCode::kStacked, Severity::kNote, ErrorKind::kFailure, "stacked",
     "another patch already redirects the function"},
    {FindingCode::kProbed, Severity::kNote, ErrorKind::kFailure, "probed",
     "a kprobe is at the entry of the function"},
    {FindingCode::kDirectCaller, Severity::kNote, ErrorKind::kFailure,
     "direct_caller", "a BPF trampoline is attached to the function"},
    {FindingCode::kBlocksUntilSignal, Severity::kNote, ErrorKind::kFailure,
     "blocks_until_signal",
     "a fake signal wakes tasks that sleep in the function"},
    {FindingCode::kAlreadyEnabled, Severity::kNote, ErrorKind::kFailure,
     "already_enabled", "the patch is already enabled"},
    {FindingCode::kSetsOverlap, Severity::kFatal, ErrorKind::kRefused,
     "sets_overlap", "a patch of another replace_set redirects the function"},
    {FindingCode::kPerhapsOwned, Severity::kWarning, ErrorKind::kFailure,
     "perhaps_owned", "one of several functions of that name is redirected"},
    {FindingCode::kNotChecked, Severity::kNote, ErrorKind::kFailure,
     "not_checked", "something could not be checked, for the reason given"},
    {FindingCode::kLoadingForbidden, Severity::kFatal, ErrorKind::kRefused,
     "loading_forbidden", "no module can be loaded, or not by this process"},
    {FindingCode::kMissingModule, Severity::kFatal, ErrorKind::kRefused,
     "missing_module", "it uses symbols of a module that is not loaded"},
    {FindingCode::kUnknownSymbol, Severity::kWarning, ErrorKind::kFailure,
     "unknown_symbol",
     "it uses symbols that neither the kernel nor a loaded module has"},
    {FindingCode::kSameFunction, Severity::kFatal, ErrorKind::kRefused,
     "same_function", "two of its functions are one function with two names"},
    {FindingCode::kBadDescription, Severity::kFatal, ErrorKind::kNotAPatch,
     "bad_description", "klpx.ko refuses what it describes"},
    {FindingCode::kNeverPatched, Severity::kWarning, ErrorKind::kFailure,
     "never_patched", "an object has a name that no module has"},
    {FindingCode::kNoExit, Severity::kFatal, ErrorKind::kRefused, "no_exit",
     "it has no module_exit(), and does not say that this is intended"},
    {FindingCode::kPermanent, Severity::kWarning, ErrorKind::kFailure,
     "permanent", "it has no module_exit(): its module cannot be removed"},
    {FindingCode::kSpinningKthread, Severity::kWarning, ErrorKind::kFailure,
     "spinning_kthread", "a kernel thread was on a CPU at every look"},
    {FindingCode::kLeftAlone, Severity::kWarning, ErrorKind::kFailure,
     "left_alone",
     "the policy sends no signal to tasks that sleep in the function"},
};

constexpr const FindingRow& RowOf(FindingCode code) {
  return kFindingTable[static_cast<int>(code)];
}

absl::string_view SeverityWord(Severity severity);

struct Finding {
  FindingCode code;
  std::string object;    // "vmlinux" or a module; "" for the whole patch
  std::string function;  // "" for the object
  std::string found;
  std::string advice;  // what to do; "" if the finding says it
};

using Findings = std::vector<Finding>;

// "what was found; what to do".
std::string Sentence(const Finding& finding);

// The first fatal finding, as the error that enable ends with.
absl::Status FirstFatal(const Findings& findings);

bool Has(const Findings& findings, FindingCode code);

size_t CountOf(const Findings& findings, Severity severity);

// An error as a finding: its advice is what follows the last "; ".
Finding FindingOf(FindingCode code, const absl::Status& status);

void Append(Findings more, Findings& findings);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_FINDING_H_
