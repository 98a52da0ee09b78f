// SPDX-License-Identifier: GPL-2.0
// The tables of objects and functions in the static data of a patch file.
#include "controller/core/patch_tables.h"

#include <iterator>

#include "absl/strings/ascii.h"
#include "controller/core/abi.h"

namespace klpx {
namespace {

constexpr size_t kMaxNameBytes = 512;  // KSYM_NAME_LEN
constexpr absl::string_view kThisModule = "__this_module";

bool IsSymbolName(absl::string_view name) {
  for (const char c : name) {
    if (!absl::ascii_isalnum(c) && c != '_' && c != '.' && c != '$') {
      return false;
    }
  }
  return !name.empty() && name.size() < kMaxNameBytes;
}

// Whatever its symbol is called; a stripped file has none.
bool IsCodeBehind(const ElfImage& elf, ElfAddress at) {
  const auto pointer = elf.PointerAt(at);
  return pointer && elf.sections()[pointer->section].executable;
}

// Does the pointer to __this_module at this place start a patch?
bool IsPatch(const ElfImage& elf, const TableLayout& layout, ElfAddress place) {
  const auto object = DataBehind(elf, At(place, layout.patch_objs));
  if (!object) return false;
  const auto function = DataBehind(elf, At(*object, layout.object_funcs));
  if (!function) return false;
  if (elf.HasPointerAt(*object) && !NameBehind(elf, *object)) return false;
  for (size_t i = 0; i < std::size(kObjectCallbacks); i++) {
    const uint64_t offset = layout.object_callbacks + i * sizeof(uint64_t);
    if (IsCodeBehind(elf, At(*object, offset))) return true;
  }
  return NameBehind(elf, *function).has_value() &&
         IsCodeBehind(elf, At(*function, layout.func_new));
}

absl::Status ReadFunctions(const ElfImage& elf, const TableLayout& layout,
                           ElfAddress table, const std::string& object,
                           PatchDescription& patch) {
  for (size_t i = 0; patch.functions.size() < kMaxFunctions; i++) {
    const ElfAddress entry = At(table, i * layout.func_size);
    const ElfAddress new_func = At(entry, layout.func_new);
    const auto sympos = elf.NumberAt<uint64_t>(At(entry, layout.func_sympos));
    if (!sympos) {
      return BrokenTable(layout.type, "the functions of object '", object,
                         "' do not end with an empty element");
    }
    const bool named = elf.HasPointerAt(entry);
    if (!named && !elf.HasPointerAt(new_func) && *sympos == 0) {
      return absl::OkStatus();
    }
    const auto name = NameBehind(elf, entry);
    if (!name) {
      return BrokenTable(
          layout.type, "function ", i, " of object '", object,
          named ? "' has a name that is no symbol's" : "' has no name");
    }
    patch.functions.push_back(
        {object, *name, CodeBehind(elf, new_func), *sympos});
  }
  return BrokenTable(layout.type, "more than ", kMaxFunctions, " functions");
}

}  // namespace

TableLayout KlpxLayout() {
  return {.type = "struct klpx_patch",
          .patch_objs = KLPX_PATCH_OBJS_OFFSET,
          .patch_replace = KLPX_PATCH_REPLACE_OFFSET,
          .object_funcs = KLPX_OBJECT_FUNCS_OFFSET,
          .object_callbacks = KLPX_OBJECT_CALLBACKS_OFFSET,
          .object_size = KLPX_OBJECT_SIZE,
          .func_new = KLPX_FUNC_NEW_OFFSET,
          .func_sympos = KLPX_FUNC_SYMPOS_OFFSET,
          .func_size = KLPX_FUNC_SIZE};
}

ElfAddress At(ElfAddress base, uint64_t offset) {
  return {base.section, base.offset + offset};
}

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

std::string CodeBehind(const ElfImage& elf, ElfAddress at) {
  const auto pointer = elf.PointerAt(at);
  return pointer ? std::string(elf.FunctionAt(*pointer)) : "";
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

std::vector<ElfAddress> FindPatches(const ElfImage& elf,
                                    const TableLayout& layout) {
  std::vector<ElfAddress> places;
  for (const ElfAddress place : elf.PlacesOf(kThisModule)) {
    if (IsPatch(elf, layout, place)) places.push_back(place);
  }
  return places;
}

absl::Status ReadTables(const ElfImage& elf, const TableLayout& layout,
                        ElfAddress place, PatchDescription& patch) {
  const auto table = elf.PointerAt(At(place, layout.patch_objs));
  if (!table) return BrokenTable(layout.type, "it has no objects");
  for (size_t i = 0; i < kMaxObjects; i++) {
    const ElfAddress entry = At(*table, i * layout.object_size);
    const ElfAddress funcs_place = At(entry, layout.object_funcs);
    if (!elf.NumberAt<uint8_t>(At(entry, layout.object_size - 1))) {
      return BrokenTable(layout.type,
                         "the objects do not end with an empty element");
    }
    const bool named = elf.HasPointerAt(entry);
    if (!named && !elf.HasPointerAt(funcs_place)) return absl::OkStatus();
    const auto name = NameBehind(elf, entry);
    if (named && !name) {
      return BrokenTable(layout.type, "object ", i,
                         " has a name that is no module's");
    }
    const std::string object = name.value_or("vmlinux");
    const auto funcs = DataBehind(elf, funcs_place);
    if (!funcs) {
      return BrokenTable(layout.type, "object '", object, "' has no functions");
    }
    const ElfAddress callbacks = At(entry, layout.object_callbacks);
    patch.objects.push_back(
        {object, CallbacksAt(elf, callbacks, kObjectCallbacks)});
    const absl::Status status =
        ReadFunctions(elf, layout, *funcs, object, patch);
    if (!status.ok()) return status;
  }
  return BrokenTable(layout.type, "more than ", kMaxObjects, " objects");
}

}  // namespace klpx
