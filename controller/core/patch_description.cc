// SPDX-License-Identifier: GPL-2.0
// The struct klpx_patch of a patch file. It is found by the pointer to
// __this_module that it starts with; other structures start so too, so it has
// to lead to an object with a function or a callback as well. From there on
// whatever does not fit is an error.
#include "controller/core/patch_description.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "controller/core/abi.h"
#include "controller/core/error.h"

namespace klpx {
namespace {

// More than any patch has; bounds for arrays that do not end.
constexpr size_t kMaxObjects = 4096;
constexpr size_t kMaxFunctions = 65536;
constexpr size_t kMaxStates = 4096;
constexpr size_t kMaxNameBytes = 512;  // KSYM_NAME_LEN

constexpr absl::string_view kThisModule = "__this_module";

// In the order of their members in klpx/livepatch.h.
constexpr absl::string_view kObjectCallbacks[] = {
    "pre_patch", "post_patch", "pre_unpatch", "post_unpatch"};
constexpr absl::string_view kStateCallbacks[] = {
    "pre_patch", "post_patch", "pre_unpatch", "post_unpatch", "shadow_dtor"};

ElfAddress At(ElfAddress base, uint64_t offset) {
  return {base.section, base.offset + offset};
}

template <typename... Pieces>
absl::Status Broken(const Pieces&... pieces) {
  return Error(ErrorKind::kNotAPatch,
               "its struct klpx_patch is broken: ", pieces...,
               "; see docs/PATCH-AUTHORS.md, or get the file again");
}

bool IsSymbolName(absl::string_view name) {
  for (const char c : name) {
    if (!absl::ascii_isalnum(c) && c != '_' && c != '.' && c != '$') {
      return false;
    }
  }
  return !name.empty() && name.size() < kMaxNameBytes;
}

// A pointer to data of the module.
std::optional<ElfAddress> DataBehind(const ElfImage& elf, ElfAddress at) {
  const auto pointer = elf.PointerAt(at);
  if (!pointer || elf.sections()[pointer->section].executable) {
    return std::nullopt;
  }
  return pointer;
}

std::optional<std::string> NameBehind(const ElfImage& elf, ElfAddress at) {
  const auto pointer = DataBehind(elf, at);
  if (!pointer) return std::nullopt;
  const auto text = elf.StringAt(*pointer);
  if (!text || !IsSymbolName(*text)) return std::nullopt;
  return std::string(*text);
}

std::vector<std::string> CallbacksAt(
    const ElfImage& elf, ElfAddress first,
    absl::Span<const absl::string_view> names) {
  std::vector<std::string> present;
  for (const absl::string_view name : names) {
    if (elf.HasPointerAt(first)) present.emplace_back(name);
    first = At(first, sizeof(uint64_t));
  }
  return present;
}

// Whatever its symbol is called; a stripped file has none.
bool IsCodeBehind(const ElfImage& elf, ElfAddress at) {
  const auto pointer = elf.PointerAt(at);
  return pointer && elf.sections()[pointer->section].executable;
}

// Does the pointer to __this_module at this place start a struct klpx_patch?
bool IsPatch(const ElfImage& elf, ElfAddress place) {
  const auto object = DataBehind(elf, At(place, KLPX_PATCH_OBJS_OFFSET));
  if (!object) return false;
  const auto function = DataBehind(elf, At(*object, KLPX_OBJECT_FUNCS_OFFSET));
  if (!function) return false;
  if (elf.HasPointerAt(*object) && !NameBehind(elf, *object)) return false;
  for (size_t i = 0; i < std::size(kObjectCallbacks); i++) {
    const uint64_t offset = KLPX_OBJECT_CALLBACKS_OFFSET + i * sizeof(uint64_t);
    if (IsCodeBehind(elf, At(*object, offset))) return true;
  }
  return NameBehind(elf, *function).has_value() &&
         IsCodeBehind(elf, At(*function, KLPX_FUNC_NEW_OFFSET));
}

absl::Status ReadFunctions(const ElfImage& elf, ElfAddress table,
                           const std::string& object, PatchDescription& patch) {
  for (size_t i = 0; patch.functions.size() < kMaxFunctions; i++) {
    const ElfAddress entry = At(table, i * KLPX_FUNC_SIZE);
    const ElfAddress new_func = At(entry, KLPX_FUNC_NEW_OFFSET);
    const auto sympos =
        elf.NumberAt<uint64_t>(At(entry, KLPX_FUNC_SYMPOS_OFFSET));
    if (!sympos) {
      return Broken("the functions of object '", object,
                    "' do not end with an empty element");
    }
    const bool named = elf.HasPointerAt(entry);
    if (!named && !elf.HasPointerAt(new_func) && *sympos == 0) {
      return absl::OkStatus();
    }
    const auto name = NameBehind(elf, entry);
    if (!name) {
      return Broken(
          "function ", i, " of object '", object,
          named ? "' has a name that is no symbol's" : "' has no name");
    }
    const auto replacement = elf.PointerAt(new_func);
    const absl::string_view new_name =
        replacement ? elf.FunctionAt(*replacement) : "";
    patch.functions.push_back({object, *name, std::string(new_name), *sympos});
  }
  return Broken("more than ", kMaxFunctions, " functions");
}

absl::Status ReadObjects(const ElfImage& elf, ElfAddress table,
                         PatchDescription& patch) {
  for (size_t i = 0; i < kMaxObjects; i++) {
    const ElfAddress entry = At(table, i * KLPX_OBJECT_SIZE);
    const ElfAddress funcs_place = At(entry, KLPX_OBJECT_FUNCS_OFFSET);
    if (!elf.NumberAt<uint8_t>(At(entry, KLPX_OBJECT_SIZE - 1))) {
      return Broken("the objects do not end with an empty element");
    }
    const bool named = elf.HasPointerAt(entry);
    if (!named && !elf.HasPointerAt(funcs_place)) return absl::OkStatus();
    const auto name = NameBehind(elf, entry);
    if (named && !name) {
      return Broken("object ", i, " has a name that is no module's");
    }
    const std::string object = name.value_or("vmlinux");
    const auto funcs = DataBehind(elf, funcs_place);
    if (!funcs) return Broken("object '", object, "' has no functions");
    const ElfAddress callbacks = At(entry, KLPX_OBJECT_CALLBACKS_OFFSET);
    patch.objects.push_back(
        {object, CallbacksAt(elf, callbacks, kObjectCallbacks)});
    const absl::Status status = ReadFunctions(elf, *funcs, object, patch);
    if (!status.ok()) return status;
  }
  return Broken("more than ", kMaxObjects, " objects");
}

bool FlagAt(const ElfImage& elf, ElfAddress at) {
  return elf.NumberAt<uint8_t>(at).value_or(0) != 0;
}

absl::Status ReadStates(const ElfImage& elf, ElfAddress table,
                        PatchDescription& patch) {
  for (size_t i = 0; i < kMaxStates; i++) {
    const ElfAddress entry = At(table, i * KLPX_STATE_SIZE);
    const auto id = elf.NumberAt<uint64_t>(At(entry, KLPX_STATE_ID_OFFSET));
    if (!id || !elf.NumberAt<uint8_t>(At(entry, KLPX_STATE_SIZE - 1))) {
      return Broken("the states do not end with an element whose id is 0");
    }
    if (*id == 0) return absl::OkStatus();
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
      if (!text) return Broken("state ", *id, " has a name that does not end");
      state.name = std::string(*text);
    }
    patch.states.push_back(std::move(state));
  }
  return Broken("more than ", kMaxStates, " states");
}

// "" for a model that there is not.
absl::string_view ModelName(uint32_t model) {
  if (model == KLPX_MODEL_TASKS) return "tasks";
  return model == KLPX_MODEL_STOP_MACHINE ? "stop-machine" : "";
}

absl::StatusOr<PatchDescription> ReadPatch(const ElfImage& elf,
                                           ElfAddress place) {
  PatchDescription patch;
  const auto model = elf.NumberAt<uint32_t>(At(place, KLPX_PATCH_MODEL_OFFSET));
  if (!model) return Broken("its section ends in it");
  patch.model = std::string(ModelName(*model));
  if (patch.model.empty()) return Broken("unknown model ", *model);
  patch.replace = FlagAt(elf, At(place, KLPX_PATCH_REPLACE_OFFSET));
  patch.replace_set =
      *elf.NumberAt<uint32_t>(At(place, KLPX_PATCH_REPLACE_SET_OFFSET));
  patch.version = *elf.NumberAt<uint32_t>(At(place, KLPX_PATCH_VERSION_OFFSET));
  const auto objects = elf.PointerAt(At(place, KLPX_PATCH_OBJS_OFFSET));
  absl::Status status = ReadObjects(elf, *objects, patch);
  const ElfAddress states = At(place, KLPX_PATCH_STATES_OFFSET);
  if (status.ok() && elf.HasPointerAt(states)) {
    const auto table = DataBehind(elf, states);
    status = table ? ReadStates(elf, *table, patch)
                   : Broken("its states are no data of the module");
  }
  if (!status.ok()) return status;
  return patch;
}

}  // namespace

absl::StatusOr<std::optional<PatchDescription>> ReadDescription(
    const ElfImage& elf) {
  absl::Status first_error;
  for (const ElfAddress place : elf.PlacesOf(kThisModule)) {
    if (!IsPatch(elf, place)) continue;
    absl::StatusOr<PatchDescription> patch = ReadPatch(elf, place);
    if (patch.ok()) return *std::move(patch);
    first_error.Update(patch.status());
  }
  if (!first_error.ok()) return first_error;
  return std::nullopt;
}

}  // namespace klpx
