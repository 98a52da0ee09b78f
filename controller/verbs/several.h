// SPDX-License-Identifier: GPL-2.0
// Verbs for several patches at once: one after another, each with a result of
// its own. The first that fails ends it, for what follows may need it; its
// error says which were not tried, and its exit code counts. A wrong name ends
// it before anything is touched.
#ifndef KLPX_CONTROLLER_VERBS_SEVERAL_H_
#define KLPX_CONTROLLER_VERBS_SEVERAL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/verbs/verbs.h"

namespace klpx {

// In the order that is given. all: those that are accepted, as restore does.
// options.patch is not looked at.
absl::StatusOr<int> RunEnableEach(Context& context,
                                  const std::vector<std::string>& patches,
                                  bool all, EnableOptions options);

// The newest of the stack first, whatever order is given; all: every patch that
// is there.
absl::StatusOr<int> RunDisableEach(Context& context,
                                   const std::vector<std::string>& patches,
                                   bool all, const WaitOptions& wait);
// The same; the engine comes last.
absl::StatusOr<int> RunUnloadEach(Context& context,
                                  const std::vector<std::string>& patches,
                                  bool all, const WaitOptions& wait);

// All of them, whatever is found; the exit code is that of the first that would
// be refused.
absl::StatusOr<int> RunPreflightEach(Context& context,
                                     const std::vector<std::string>& patches);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VERBS_SEVERAL_H_
