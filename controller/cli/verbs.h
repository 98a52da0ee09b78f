// SPDX-License-Identifier: GPL-2.0
// The one table of verbs. The parser, --help, the manual and the completion of
// shells are made from it.
#ifndef KLPX_CONTROLLER_CLI_VERBS_H_
#define KLPX_CONTROLLER_CLI_VERBS_H_

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "controller/cli/arguments.h"
#include "controller/commands/context.h"

namespace klpx {

// Groups of flags that a verb takes; flags.h has what is in them.
enum FlagGroup : unsigned {
  kNoFlags = 0,
  kLoads = 1 << 0,
  kWaits = 1 << 1,
  kStarts = 1 << 2,
  kPicksTask = 1 << 3,
  kFilters = 1 << 4,
  kConfirms = 1 << 5,
  kLists = 1 << 6,
  kRemembers = 1 << 7,
  kPicksRecord = 1 << 8,
  kReadsFile = 1 << 9,
  kActs = 1 << 10,
  kScreen = 1 << 11,
  kWritesFile = 1 << 12,
  kAccepts = 1 << 13,
  kRestores = 1 << 14,
  kServes = 1 << 15,
  kMeasures = 1 << 16,
};

enum class PatchArgument { kNone, kOptional, kRequired };

struct Verb {
  const char* name;
  const char* alias;  // "" for none
  PatchArgument patch;
  unsigned flags;  // of FlagGroup
  const char* summary;
  const char* example;  // without the name of the program
  const char* example_does;
  absl::StatusOr<int> (*run)(Context&, const Arguments&);
};

absl::Span<const Verb> Verbs();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_VERBS_H_
