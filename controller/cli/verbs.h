// SPDX-License-Identifier: GPL-2.0
// The one table of verbs. The parser, --help, the manual and the completion of
// shells are made from it.
#ifndef KLPX_CONTROLLER_CLI_VERBS_H_
#define KLPX_CONTROLLER_CLI_VERBS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "controller/cli/arguments.h"
#include "controller/ops/entry/context.h"

namespace klpx {

// Groups of flags that a verb takes; flags.h says which flags are in them.
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
  kTakesAll = 1 << 17,
  kReadsModule = 1 << 18,  // PATCH is mostly a file
  kAdopts = 1 << 19,
};

// kSeveral: at least one, unless --all is given.
enum class PatchArgument { kNone, kOptional, kRequired, kSeveral };

// Headings of --help.
enum class VerbGroup { kChange, kLook, kBoot, kService };

struct Verb {
  const char* name;
  const char* aliases;  // "a,b"; "" for none
  VerbGroup group;
  PatchArgument patch;
  unsigned flags;  // of FlagGroup
  const char* summary;
  const char* example;  // without the name of the program
  const char* example_does;
  absl::StatusOr<int> (*run)(Context&, const Arguments&);
};

// The verbs of one group stand next to each other.
absl::Span<const Verb> Verbs();

// The verb of that name or alias; nullptr if there is none.
const Verb* FindVerb(absl::string_view word);

// Its name and its aliases.
std::vector<std::string> NamesOf(const Verb& verb);

absl::string_view GroupTitle(VerbGroup group);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_VERBS_H_
