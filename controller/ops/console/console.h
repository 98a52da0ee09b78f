// SPDX-License-Identifier: GPL-2.0
// Where a verb prints, and in which style: results on stdout, progress and
// warnings on stderr.
#ifndef KLPX_CONTROLLER_OPS_CONSOLE_CONSOLE_H_
#define KLPX_CONTROLLER_OPS_CONSOLE_CONSOLE_H_

#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "controller/core/report/report.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

struct OutputStyle {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  // The width of the terminal at stderr, asked for whenever a line is drawn.
  std::function<std::optional<size_t>()> err_columns = {};
  // Takes warnings and notes, as lines, instead of stderr; not owned.
  std::string* asides = nullptr;
};

struct Console {
  std::ostream& out;  // results
  std::ostream& err;  // progress, warnings
  OutputStyle style = {};
};

// Prints the result of a verb that acts, on stdout. JSON has the host in it.
void Print(Console& console, Kernel& kernel, const ActionReport& report);

// Wraps a text for stderr if that is a terminal. Otherwise returns it
// unchanged, because logs are searched line by line.
std::string ForTerminal(const Console& console, absl::string_view text);

// Prints a warning on stderr, unless quiet or JSON.
void Warn(Console& console, absl::string_view message);
// The same for a note: nothing is wrong.
void Note(Console& console, absl::string_view message);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_CONSOLE_CONSOLE_H_
