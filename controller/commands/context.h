// SPDX-License-Identifier: GPL-2.0
// What every command is given: the kernel, the observer, where to print and
// how. Commands return the exit code, or an error that the table has a code
// for.
#ifndef KLPX_CONTROLLER_COMMANDS_CONTEXT_H_
#define KLPX_CONTROLLER_COMMANDS_CONTEXT_H_

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/report.h"
#include "controller/sys/blocker_source.h"
#include "controller/sys/kernel.h"
#include "controller/sys/policy_access.h"

namespace klpx {

struct OutputStyle {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
};

struct Context {
  Kernel& kernel;
  ObserverAccess& observer;
  std::ostream& out;  // results
  std::ostream& err;  // progress, warnings
  OutputStyle style;
  std::string program_dir;  // where klp-controller itself is
  PolicyAccess* policy = nullptr;
};

// Fails with kNotPermitted unless root.
absl::Status RequireRoot(Context& context, absl::string_view operation);

// Prints the result of a verb that acts, on stdout.
void Print(Context& context, const ActionReport& report);

// One line on stderr, unless quiet or JSON.
void Warn(Context& context, absl::string_view message);
// The same, of what is as it should be.
void Note(Context& context, absl::string_view message);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_COMMANDS_CONTEXT_H_
