// SPDX-License-Identifier: GPL-2.0
// What every command is given.
#include "controller/commands/context.h"

#include "controller/core/error.h"

namespace klpx {
namespace {

void PrintAside(Context& context, absl::string_view what,
                absl::string_view message) {
  if (context.style.json || context.style.quiet) return;
  context.err << "klp-controller: " << what << ": " << message << "\n";
}

}  // namespace

absl::Status RequireRoot(Context& context, absl::string_view operation) {
  if (context.kernel.IsRoot()) return absl::OkStatus();
  return Error(ErrorKind::kNotPermitted, operation,
               " needs root; run it with sudo");
}

void Print(Context& context, const ActionReport& report) {
  if (context.style.json) {
    context.out << ActionJson(context.kernel.ReadHost(), report);
    return;
  }
  if (!context.style.quiet) context.out << ActionText(report);
}

void Warn(Context& context, absl::string_view message) {
  PrintAside(context, "warning", message);
}

void Note(Context& context, absl::string_view message) {
  PrintAside(context, "note", message);
}

}  // namespace klpx
