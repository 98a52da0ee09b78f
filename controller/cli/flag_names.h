// SPDX-License-Identifier: GPL-2.0
// Takes the names of a flag apart, and says which verbs take the flag.
#ifndef KLPX_CONTROLLER_CLI_FLAG_NAMES_H_
#define KLPX_CONTROLLER_CLI_FLAG_NAMES_H_

#include "absl/strings/string_view.h"
#include "controller/cli/flags.h"
#include "controller/cli/verbs.h"

namespace klpx {

inline bool Takes(const Verb& verb, const Flag& flag) {
  return (verb.flags & flag.verbs) != 0;
}

// Is it a flag, rather than a positional argument?
inline bool IsFlag(const Flag& flag) { return flag.names[0] == '-'; }

// "--limit" of "-n,--limit".
inline absl::string_view LongName(const Flag& flag) {
  const absl::string_view names = flag.names;
  const size_t comma = names.find(',');
  return comma == names.npos ? names : names.substr(comma + 1);
}

// "-n" of "-n,--limit", "" of "--limit".
inline absl::string_view ShortName(const Flag& flag) {
  const absl::string_view names = flag.names;
  const size_t comma = names.find(',');
  return comma == names.npos ? "" : names.substr(0, comma);
}

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_FLAG_NAMES_H_
