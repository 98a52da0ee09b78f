// SPDX-License-Identifier: GPL-2.0
// The end of each verb that starts a transition or waits for one: waits, runs
// the health gate of an enabled patch, and prints the result.
#ifndef KLPX_CONTROLLER_VERBS_FINISH_H_
#define KLPX_CONTROLLER_VERBS_FINISH_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/ops/kernel/context.h"
#include "controller/ops/transition/wait.h"

namespace klpx {

// Waits, unless told not to, and prints the result of the verb. If options have
// no timeout, the deadline of the policy file applies.
absl::StatusOr<int> FinishTransition(Context& context, absl::string_view verb,
                                     const std::string& patch, bool patching,
                                     const WaitOptions& options,
                                     std::vector<std::string> warnings);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VERBS_FINISH_H_
