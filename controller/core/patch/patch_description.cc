// SPDX-License-Identifier: GPL-2.0
// The struct klpx_patch of a patch file: model, sets and states. Its objects
// and functions are read in patch_tables.cc.
#include "controller/core/patch/patch_description.h"

#include <iterator>
#include <utility>

#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/patch/patch_tables.h"

namespace klpx {
namespace {

constexpr size_t kMaxStates = KLPX_MAX_STATES;
constexpr absl::string_view kType = "struct klpx_patch";

// In the order of their members in klpx/livepatch.h.
constexpr absl::string_view kStateCallbacks[] = {
    "pre_patch", "post_patch", "pre_unpatch", "post_unpatch", "shadow_dtor"};

template <typename... Pieces>
absl::Status Broken(const Pieces&... pieces) {
  return BrokenTable(kType, pieces...);
}

bool FlagAt(const ElfImage& elf, ElfAddress at) {
  return elf.NumberAt<uint8_t>(at).value_or(0) != 0;
}

absl::Status ReadStates(const ElfImage& elf, ElfAddress table,
                        PatchDescription& patch) {
  for (size_t i = 0;; i++) {
    const ElfAddress entry = At(table, i * KLPX_STATE_SIZE);
    const auto id = elf.NumberAt<uint64_t>(At(entry, KLPX_STATE_ID_OFFSET));
    if (!id || !elf.NumberAt<uint8_t>(At(entry, KLPX_STATE_SIZE - 1))) {
      return Broken("the states do not end with an element whose id is 0");
    }
    if (*id == 0) return absl::OkStatus();
    if (i == kMaxStates) break;
    absl::Status sound = CheckStays(elf, kType, entry, "the array of states");
    if (sound.ok()) {
      sound = CheckCallbacks(elf, kType, At(entry, KLPX_STATE_CALLBACKS_OFFSET),
                             std::size(kStateCallbacks),
                             absl::StrCat("state ", *id));
    }
    if (!sound.ok()) return sound;
    SystemState state;
    state.id = *id;
    state.version =
        elf.NumberAt<uint32_t>(At(entry, KLPX_STATE_VERSION_OFFSET));
    state.block_disable =
        FlagAt(elf, At(entry, KLPX_STATE_BLOCK_DISABLE_OFFSET));
    state.is_shadow = FlagAt(elf, At(entry, KLPX_STATE_IS_SHADOW_OFFSET));
    state.callbacks = CallbacksAt(elf, At(entry, KLPX_STATE_CALLBACKS_OFFSET),
                                  kStateCallbacks);
    if (const auto name = elf.PointerAt(At(entry, KLPX_STATE_NAME_OFFSET))) {
      const auto text = elf.StringAt(*name);
      if (!text) return Broken("state ", *id, " has a name without an end");
      state.name = std::string(*text);
      if (!klpx_is_state_name(state.name.c_str())) {
        return Broken("state ", *id,
                      " has a name that is too long or is not "
                      "printable");
      }
    }
    patch.states.push_back(std::move(state));
  }
  return Broken("more than ", kMaxStates, " states");
}

// "" for an unknown model.
absl::string_view ModelName(uint32_t model) {
  if (model == KLPX_MODEL_TASKS) return "tasks";
  return model == KLPX_MODEL_STOP_MACHINE ? "stop-machine" : "";
}

absl::StatusOr<PatchDescription> ReadPatch(const ElfImage& elf,
                                           ElfAddress place) {
  PatchDescription patch;
  const auto model = elf.NumberAt<uint32_t>(At(place, KLPX_PATCH_MODEL_OFFSET));
  if (!model) return Broken("its section ends too early");
  patch.model = std::string(ModelName(*model));
  if (patch.model.empty()) return Broken("unknown model ", *model);
  patch.replace = FlagAt(elf, At(place, KLPX_PATCH_REPLACE_OFFSET));
  patch.replace_set =
      *elf.NumberAt<uint32_t>(At(place, KLPX_PATCH_REPLACE_SET_OFFSET));
  patch.version = *elf.NumberAt<uint32_t>(At(place, KLPX_PATCH_VERSION_OFFSET));
  absl::Status status = ReadTables(elf, KlpxLayout(), place, patch);
  const ElfAddress states = At(place, KLPX_PATCH_STATES_OFFSET);
  if (status.ok() && elf.HasPointerAt(states)) {
    const auto table = DataBehind(elf, states);
    status = table ? ReadStates(elf, *table, patch)
                   : Broken("its states are not data of the module");
  }
  if (!status.ok()) return status;
  return patch;
}

}  // namespace

absl::StatusOr<std::optional<PatchDescription>> ReadDescription(
    const ElfImage& elf) {
  absl::Status first_error;
  for (const ElfAddress place : FindPatches(elf, KlpxLayout())) {
    absl::StatusOr<PatchDescription> patch = ReadPatch(elf, place);
    if (patch.ok()) return *std::move(patch);
    first_error.Update(patch.status());
  }
  if (!first_error.ok()) return first_error;
  return std::nullopt;
}

}  // namespace klpx
