// SPDX-License-Identifier: GPL-2.0
// Do the states of a patch fit those of the patches installed?
#include "controller/core/preflight/state_compatibility.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

constexpr absl::string_view kDestructor = "shadow_dtor";

// A state of the API as merged upstream: compatible by its version alone.
bool IsVersioned(const SystemState& state) {
  return !state.block_disable && !state.is_shadow &&
         std::all_of(state.callbacks.begin(), state.callbacks.end(),
                     [](absl::string_view callback) {
                       return callback == kDestructor;
                     });
}

const SystemState* FindState(const PatchDescription& patch, uint64_t id) {
  for (const SystemState& state : patch.states) {
    if (state.id == id) return &state;
  }
  return nullptr;
}

std::string Describe(const SystemState& state) {
  const std::string id = absl::StrCat("state ", state.id);
  if (state.name.empty()) return id;
  return absl::StrCat(id, " ('", Printable(state.name), "')");
}

// A patch that lacks a state of one it replaces removes it from the system.
absl::Status CheckMissing(const SystemState& old, const std::string& owner) {
  const std::string what = absl::StrCat("it replaces patch '", owner,
                                        "' but lacks its ", Describe(old));
  if (old.block_disable) {
    return Error(ErrorKind::kRefused, what,
                 ", which cannot be undone (block_disable); add the state");
  }
  if (IsVersioned(old)) {
    return Error(ErrorKind::kRefused, what,
                 ", which has no callbacks to undo it; add the state");
  }
  return absl::OkStatus();
}

absl::Status CheckCommon(const SystemState& state, const SystemState& old,
                         const std::string& owner) {
  if (!state.name.empty() && !old.name.empty() && state.name != old.name) {
    return Error(ErrorKind::kRefused, Describe(state), " has the id of ",
                 Describe(old), " of patch '", owner,
                 "', but another name; use another id");
  }
  if (IsVersioned(old) && state.version < old.version) {
    return Error(ErrorKind::kRefused, Describe(state), " has version ",
                 state.version.value_or(0), ", but patch '", owner,
                 "' has already set version ", old.version.value_or(0),
                 "; unload that patch first");
  }
  return absl::OkStatus();
}

absl::Status CheckAgainst(const PatchDescription& patch,
                          const PatchState& installed) {
  const bool same_set = installed.replace_set == patch.replace_set;
  for (const SystemState& old : installed.states) {
    const SystemState* state = FindState(patch, old.id);
    absl::Status status;
    if (state == nullptr) {
      if (patch.replace && same_set) status = CheckMissing(old, installed.name);
    } else if (!same_set) {
      status = Error(ErrorKind::kRefused, Describe(*state),
                     " is also a state of patch '", installed.name,
                     "', which has another replace_set; only one of them can "
                     "have it");
    } else {
      status = CheckCommon(*state, old, installed.name);
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckStates(const PatchFile& file,
                         const std::vector<PatchState>& installed) {
  if (!file.patch) return absl::OkStatus();
  const PatchDescription& patch = *file.patch;
  for (const SystemState& state : patch.states) {
    if (FindState(patch, state.id) == &state) continue;
    return Error(ErrorKind::kRefused, Describe(state),
                 " is listed twice; each id may occur only once");
  }
  for (const PatchState& old : installed) {
    if (!old.registered || !old.replace_set) continue;
    const absl::Status status = CheckAgainst(patch, old);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace klpx
