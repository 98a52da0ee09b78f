// SPDX-License-Identifier: GPL-2.0
// The patches that were accepted for one kernel and are loaded at boot, in that
// order. Plain data, its text, and the operations on it.
#ifndef KLPX_CONTROLLER_CORE_BOOT_ACCEPTED_H_
#define KLPX_CONTROLLER_CORE_BOOT_ACCEPTED_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/machine.h"

namespace klpx {

struct AcceptedPatch {
  std::string name;
  // As in the table of engine.h: the one it was accepted on, and comes back on.
  std::string engine;
  std::string build_id;  // in hexadecimal, "" if the file has none
  uint64_t size = 0;
  uint64_t fingerprint = 0;  // of the file
  std::string sha256;        // of the file; "" in lists of older versions
  // The set whose patches it replaces, if it does.
  std::optional<uint64_t> replaces_set;
  uint64_t set = 0;  // the set it belongs to
  absl::Time time;
  std::string from;  // the file that was copied
};

// In the order in which they are loaded.
using AcceptedList = std::vector<AcceptedPatch>;

// klp.accepted/v1.
std::string AcceptedText(const Host& host, const AcceptedList& list);
// `text` may be anything; the error says what is wrong with it.
absl::StatusOr<AcceptedList> ParseAccepted(absl::string_view text);

// Adds a patch. `orders` is the current stack: patches in it keep their order.
// Patches that are not in it and belong to the set that the new one replaces
// are removed; returns their names.
std::vector<std::string> Accept(AcceptedList& list, const AcceptedPatch& patch,
                                const std::map<std::string, uint64_t>& orders);

// False if it is not in the list.
bool Revoke(AcceptedList& list, absl::string_view name);

const AcceptedPatch* FindAccepted(const AcceptedList& list,
                                  absl::string_view name);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BOOT_ACCEPTED_H_
