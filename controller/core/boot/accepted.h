// SPDX-License-Identifier: GPL-2.0
// The patches of one kernel that were found good and are loaded at boot, in
// their order. Plain data, its text, and what accepting does to it.
#ifndef KLPX_CONTROLLER_CORE_BOOT_ACCEPTED_H_
#define KLPX_CONTROLLER_CORE_BOOT_ACCEPTED_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/model.h"

namespace klpx {

struct AcceptedPatch {
  std::string name;
  std::string engine;    // as in the table of engine.h
  std::string build_id;  // in hexadecimal, "" if the file has none
  uint64_t size = 0;
  uint64_t fingerprint = 0;  // of the file
  std::string sha256;        // of the file; "" in lists of older versions
  // Set if the patch replaces those of this set.
  std::optional<uint64_t> replaces_set;
  uint64_t set = 0;  // the set it is of
  absl::Time time;
  std::string from;  // the file that was copied
};

// In the order in which they are loaded.
using AcceptedList = std::vector<AcceptedPatch>;

// klp.accepted/v1.
std::string AcceptedText(const Host& host, const AcceptedList& list);
// The error says what is wrong with the text, which may be anything.
absl::StatusOr<AcceptedList> ParseAccepted(absl::string_view text);

// Puts a patch in. `orders` is the stack as it is now: what is in it keeps its
// order, and what is not in it and of the set that the patch replaces goes;
// the names of those are returned.
std::vector<std::string> Accept(AcceptedList& list, const AcceptedPatch& patch,
                                const std::map<std::string, uint64_t>& orders);

// False if it is not in the list.
bool Revoke(AcceptedList& list, absl::string_view name);

const AcceptedPatch* FindAccepted(const AcceptedList& list,
                                  absl::string_view name);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BOOT_ACCEPTED_H_
