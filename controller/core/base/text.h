// SPDX-License-Identifier: GPL-2.0
// Words and numbers as people read them: aligned tables, short durations, the
// names of reasons and task states. Everything a kernel or a process may have
// put into a string is made safe for a terminal here.
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

// "running", "on-function", ...; "not-checked" for a task not looked at yet.
absl::string_view ReasonWord(klpx_reason reason);

// task->__state as ps shows it: "S", "D", "T", ...
std::string TaskStateLetter(uint32_t task_state);

// "0.05s", "12s", "3m04s", "2h05m".
std::string ShortDuration(uint64_t milliseconds);

// "90", "90s", "2m", "1h30m"; a bare number is seconds. Nothing if it is none
// of these, or negative.
std::optional<absl::Duration> ParseTimeout(absl::string_view text);

// Control characters as '?', so that a process name cannot drive a terminal.
std::string Printable(absl::string_view text);
// The same, of a text of several lines: their ends stay.
std::string PrintableLines(absl::string_view text);

// At most `columns` of them, of text that Printable() has made: one byte takes
// one column. What was cut ends in "...".
std::string FitTo(absl::string_view text, size_t columns);

// One line as several of at most `columns`, broken at blanks; those behind the
// first begin with `indent`. A longer word is broken where the line ends.
std::string Wrap(absl::string_view text, size_t columns,
                 absl::string_view indent);

// Where tasks go: "patching" into a patch, "unpatching" out of it.
absl::string_view DirectionWord(bool patching);

// "1 task", "2 tasks".
std::string Count(uint64_t count, absl::string_view noun);

// Rows under a header, columns padded to the widest cell, the last one not.
class Table {
 public:
  explicit Table(std::vector<std::string> header);

  void Add(std::vector<std::string> row);
  // In at most so many columns if that can be had by leaving out the beginnings
  // of the last cells.
  std::string ToString(size_t columns = std::string::npos) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_TEXT_H_
