// SPDX-License-Identifier: GPL-2.0
// The one table of flags and arguments: which verbs take them, what they are
// for, where their values go. See verbs.h for what is made from it.
#ifndef KLPX_CONTROLLER_CLI_FLAGS_H_
#define KLPX_CONTROLLER_CLI_FLAGS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "controller/cli/arguments.h"

namespace klpx {

// Where a value goes. What can be written for it follows from that; negative
// numbers cannot.
using Slot =
    std::variant<bool*, std::string*, std::optional<uint32_t>*, uint64_t*,
                 int64_t*, std::optional<int64_t>*, std::vector<std::string>*>;

// What a text has to be; and what a shell offers for it.
enum class Value {
  kText,
  kDuration,
  kFile,
  kPatch,
  kRecord,   // of the history
  kOutcome,  // the word for one
  kAction,   // of 'policy'
};

struct Flag {
  unsigned verbs;     // of FlagGroup: verbs with any of these take it
  const char* names;  // as CLI11 has them: "-n,--limit"; "ID": an argument
  const char* value;  // its name in the manual; "" of a switch, or an argument
  Value kind;
  bool required;
  const char* help;
  Slot (*slot)(Arguments&);
};

absl::Span<const Flag> Flags();

// The actions of 'policy'.
inline constexpr absl::string_view kActions[] = {"show", "check", "apply",
                                                 "load", "unload"};

// "" if it is one; otherwise what is wrong.
std::string CheckDuration(const std::string& text);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_FLAGS_H_
