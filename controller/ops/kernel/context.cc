// SPDX-License-Identifier: GPL-2.0
// What every verb is given.
#include "controller/ops/kernel/context.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

// Longer lines are hard to read even in a wide window.
constexpr size_t kColumns = 100;

void PrintAside(Context& context, absl::string_view what,
                absl::string_view message) {
  if (context.style.json || context.style.quiet) return;
  for (const absl::string_view line : absl::StrSplit(message, '\n')) {
    const std::string told =
        absl::StrCat("klp-controller: ", what, ": ", Printable(line), "\n");
    if (context.style.asides != nullptr) {
      context.style.asides->append(told);
    } else {
      context.err << ForTerminal(context, told);
    }
  }
}

}  // namespace

Context Within(Context& outer, std::ostream& out, std::ostream& err) {
  Context inner = {outer.kernel, outer.observer,    out,         err,
                   {},           outer.program_dir, outer.policy};
  inner.recorder.path = outer.recorder.path;
  inner.recorder.verb = outer.recorder.verb;
  inner.recorder.by = outer.recorder.by;
  inner.owner_file = outer.owner_file;
  inner.owned = outer.owned;
  inner.state_dir = outer.state_dir;
  inner.run_dir = outer.run_dir;
  return inner;
}

std::string ForTerminal(const Context& context, absl::string_view text) {
  if (!context.style.err_is_terminal) return std::string(text);
  size_t columns = kColumns;
  if (context.style.err_columns) {
    columns = std::min(columns, context.style.err_columns().value_or(columns));
  }
  std::string wrapped;
  for (const absl::string_view line :
       absl::StrSplit(absl::StripSuffix(text, "\n"), '\n')) {
    absl::StrAppend(&wrapped, Wrap(line, columns, "  "), "\n");
  }
  return wrapped;
}

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
