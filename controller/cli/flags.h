// SPDX-License-Identifier: GPL-2.0
// The one table of flags and arguments: which verbs take them, what they mean,
// where their values go. verbs.h lists what is generated from it.
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

// Where a value goes. The type decides what the user may write; negative
// numbers are never accepted.
using Slot =
    std::variant<bool*, std::string*, std::optional<uint32_t>*, uint64_t*,
                 int64_t*, std::optional<int64_t>*, std::vector<std::string>*>;

// What kind of text a value must be, and so what a shell completes it with.
enum class Value {
  kText,
  kDuration,
  kFile,
  kPatch,
  kRecord,   // of the history
  kOutcome,  // the word for one
  kAction,   // of 'policy'
  kEngine,   // the word for one
  kSwitch,   // on, off
};

struct Flag {
  unsigned verbs;     // FlagGroup bits: verbs with any of these take it
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

// "" if the text is a duration; otherwise what is wrong with it.
std::string CheckDuration(const std::string& text);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_FLAGS_H_
