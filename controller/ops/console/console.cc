// SPDX-License-Identifier: GPL-2.0
// Where a verb prints, and in which style.
#include "controller/ops/console/console.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

// Longer lines are hard to read even in a wide window.
constexpr size_t kColumns = 100;

void PrintAside(Console& console, absl::string_view what,
                absl::string_view message) {
  if (console.style.json || console.style.quiet) return;
  for (const absl::string_view line : absl::StrSplit(message, '\n')) {
    const std::string written =
        absl::StrCat("klp-controller: ", what, ": ", Printable(line), "\n");
    if (console.style.asides != nullptr) {
      console.style.asides->append(written);
    } else {
      console.err << ForTerminal(console, written);
    }
  }
}

}  // namespace

void Print(Console& console, Kernel& kernel, const ActionReport& report) {
  if (console.style.json) {
    console.out << ActionJson(kernel.ReadHost(), report);
    return;
  }
  if (!console.style.quiet) console.out << ActionText(report);
}

std::string ForTerminal(const Console& console, absl::string_view text) {
  if (!console.style.err_is_terminal) return std::string(text);
  size_t columns = kColumns;
  if (console.style.err_columns) {
    columns = std::min(columns, console.style.err_columns().value_or(columns));
  }
  std::string wrapped;
  for (const absl::string_view line :
       absl::StrSplit(absl::StripSuffix(text, "\n"), '\n')) {
    absl::StrAppend(&wrapped, Wrap(line, columns, "  "), "\n");
  }
  return wrapped;
}

void Warn(Console& console, absl::string_view message) {
  PrintAside(console, "warning", message);
}

void Note(Console& console, absl::string_view message) {
  PrintAside(console, "note", message);
}

}  // namespace klpx
