// SPDX-License-Identifier: GPL-2.0
// Text for users: aligned tables, short durations, names of reasons and task
// states. Strings from a kernel or a process are made safe for a terminal here.
#ifndef KLPX_CONTROLLER_CORE_BASE_TEXT_H_
#define KLPX_CONTROLLER_CORE_BASE_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/abi.h"

namespace klpx {

// "running", "on-function", ...; "not-checked" for a task not checked yet.
constexpr absl::string_view ReasonWord(klpx_reason reason) {
  switch (reason) {
    case KLPX_NOT_CHECKED:
      return "not-checked";
    case KLPX_RUNNING:
      return "running";
    case KLPX_ON_FUNCTION:
      return "on-function";
    case KLPX_UNRELIABLE_STACK:
      return "unreliable-stack";
    case KLPX_IDLE:
      return "idle";
    case KLPX_STOPPED:
      return "stopped-or-traced";
    case KLPX_UNINTERRUPTIBLE:
      return "uninterruptible";
    case KLPX_EXITING:
      return "exiting";
  }
  return "unknown";
}

// task->__state as ps shows it: "S", "D", "T", ...
std::string TaskStateLetter(uint32_t task_state);

// "0.05s", "12s", "3m04s", "2h05m".
std::string ShortDuration(uint64_t milliseconds);

// "90", "90s", "2m", "1h30m"; a bare number is seconds. Nothing if it is none
// of these, or negative.
std::optional<absl::Duration> ParseTimeout(absl::string_view text);

// Control characters as '?', so that a process name cannot drive a terminal.
std::string Printable(absl::string_view text);
// The same for a text of several lines, which keeps its line ends.
std::string PrintableLines(absl::string_view text);

// At most `columns` columns of a text from Printable(), in which a byte takes
// one column. A text that was cut ends in "...".
std::string FitTo(absl::string_view text, size_t columns);

// Breaks a line at blanks into lines of at most `columns`; all but the first
// begin with `indent`. A word longer than a line is broken where the line ends.
std::string Wrap(absl::string_view text, size_t columns,
                 absl::string_view indent);

// "patching" if tasks are moved into a patch, "unpatching" if out of it.
absl::string_view DirectionWord(bool patching);

// "1 task", "2 tasks".
std::string Count(uint64_t count, absl::string_view noun);

// Rows under a header. All columns but the last are padded to the widest cell.
class Table {
 public:
  explicit Table(std::vector<std::string> header);

  void Add(std::vector<std::string> row);
  // Uses at most so many columns, if cutting the beginnings of the last cells
  // is enough for that.
  std::string ToString(size_t columns = std::string::npos) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_TEXT_H_
