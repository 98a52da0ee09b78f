// SPDX-License-Identifier: GPL-2.0
// The one table of what can go wrong: the kind, the exit code of the process,
// and the word that scripts find as "code" in JSON. --help and the man page are
// made from it. It does not know how an error is found or shown.
#ifndef KLPX_CONTROLLER_CORE_BASE_EXIT_CODES_H_
#define KLPX_CONTROLLER_CORE_BASE_EXIT_CODES_H_

#include "absl/strings/string_view.h"

namespace klpx {

enum class ErrorKind {
  kFailure,
  kUsage,
  kStillRunning,
  kNotPermitted,
  kNoSuchPatch,
  kRefused,
  kReversed,
  kNoTransition,
  kModulePinned,
  kNotAModule,
  kForeignKernel,
  kNotAPatch,
  kUnknownFunction,
  kAmbiguousFunction,
  kNotTraceable,
  kFunctionOwned,
  kNameTaken,
  kTransitionRunning,
  kKernelLacks,
  kNoEngine,
  kBpfRefused,
  kBadPolicy,
};

struct ErrorRow {
  ErrorKind kind;
  int exit_code;
  absl::string_view code;
  absl::string_view meaning;
};

// A code is never given a new meaning; new kinds are added at the end.
inline constexpr ErrorRow kErrorTable[] = {
    {ErrorKind::kFailure, 1, "failure", "failed for another reason"},
    {ErrorKind::kUsage, 2, "usage", "wrong command line"},
    {ErrorKind::kStillRunning, 3, "still_running",
     "the transition is still running (timed out, interrupted)"},
    {ErrorKind::kNotPermitted, 4, "not_permitted", "not root"},
    {ErrorKind::kNoSuchPatch, 5, "no_such_patch", "no such patch or file"},
    {ErrorKind::kRefused, 6, "refused", "refused before anything was changed"},
    {ErrorKind::kReversed, 7, "reversed", "the transition was reversed"},
    {ErrorKind::kNoTransition, 8, "no_transition",
     "the patch is not in transition"},
    {ErrorKind::kModulePinned, 9, "module_pinned",
     "the module cannot be removed (forced or in use)"},
    {ErrorKind::kNotAModule, 10, "not_a_module", "not a kernel module"},
    {ErrorKind::kForeignKernel, 11, "foreign_kernel",
     "a module for another kernel"},
    {ErrorKind::kNotAPatch, 12, "not_a_patch", "a module, but not a patch"},
    {ErrorKind::kUnknownFunction, 13, "unknown_function",
     "the kernel has no function of that name"},
    {ErrorKind::kAmbiguousFunction, 14, "ambiguous_function",
     "several functions have that name"},
    {ErrorKind::kNotTraceable, 15, "not_traceable",
     "ftrace cannot redirect the function"},
    {ErrorKind::kFunctionOwned, 16, "function_owned",
     "another ftrace user redirects the function"},
    {ErrorKind::kNameTaken, 17, "name_taken",
     "another build of the patch is already enabled"},
    {ErrorKind::kTransitionRunning, 18, "transition_running",
     "another patch is in transition"},
    {ErrorKind::kKernelLacks, 19, "kernel_lacks",
     "the kernel was built without an option that is needed"},
    {ErrorKind::kNoEngine, 20, "no_engine",
     "klpx.ko cannot be loaded, or has another version"},
    {ErrorKind::kBpfRefused, 21, "bpf_refused",
     "the kernel refused the BPF observer"},
    {ErrorKind::kBadPolicy, 22, "bad_policy", "the policy file has mistakes"},
};

constexpr const ErrorRow& RowOf(ErrorKind kind) {
  return kErrorTable[static_cast<int>(kind)];
}

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_EXIT_CODES_H_
