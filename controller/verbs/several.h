// SPDX-License-Identifier: GPL-2.0
// Verbs for several patches at once: one patch after another, each with a
// result of its own. The first failure ends the run, because later patches may
// need earlier ones; its error names the patches that were not tried, and its
// exit code is returned. A wrong name ends the run before anything is changed.
#ifndef KLPX_CONTROLLER_VERBS_SEVERAL_H_
#define KLPX_CONTROLLER_VERBS_SEVERAL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/ops/entry/context.h"
#include "controller/verbs/verbs.h"

namespace klpx {

// In the order of the arguments. all: every accepted patch, as restore does.
// Ignores options.patch.
absl::StatusOr<int> RunEnableEach(Context& context,
                                  const std::vector<std::string>& patches,
                                  bool all, EnableOptions options);

// From the top of the stack down, whatever the order of the arguments. all:
// every enabled patch.
absl::StatusOr<int> RunDisableEach(Context& context,
                                   const std::vector<std::string>& patches,
                                   bool all, const WaitOptions& wait);
// The same; the engine is removed last. all: the modules of disabled patches,
// too.
absl::StatusOr<int> RunUnloadEach(Context& context,
                                  const std::vector<std::string>& patches,
                                  bool all, const WaitOptions& wait);

// Checks all of them, whatever the results; the exit code is that of the first
// patch that would be refused.
absl::StatusOr<int> RunPreflightEach(Context& context,
                                     const std::vector<std::string>& patches);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VERBS_SEVERAL_H_
