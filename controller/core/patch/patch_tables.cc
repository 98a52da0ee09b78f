// SPDX-License-Identifier: GPL-2.0
// The tables of objects and functions in the static data of a patch file.
#include "controller/core/patch/patch_tables.h"

#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "controller/core/base/abi.h"

namespace klpx {
namespace {

// A module has one patch; candidates are read until one is valid.
constexpr size_t kMaxPatches = 16;
constexpr absl::string_view kThisModule = "__this_module";
// The elements of arrays of functions are no smaller.
constexpr size_t kLeastFunctionSize = KLPX_FUNC_SIZE;
// The loader frees sections whose names begin like this.
constexpr absl::string_view kInitSections = ".init";

// Does not look at the symbol, because a stripped file has none.
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
  if (elf.HasPointerAt(*object) && !ObjectNameBehind(elf, *object)) {
    return false;
  }
  for (size_t i = 0; i < std::size(kObjectCallbacks); i++) {
    const uint64_t offset = layout.object_callbacks + i * sizeof(uint64_t);
    if (IsCodeBehind(elf, At(*object, offset))) return true;
  }
  return NameBehind(elf, *function).has_value() &&
         IsCodeBehind(elf, At(*function, layout.func_new));
}

// It points to an object whose list of functions has a pointer in it.
bool IsBrokenPatch(const ElfImage& elf, const TableLayout& layout,
                   ElfAddress place) {
  const auto object = DataBehind(elf, At(place, layout.patch_objs));
  if (!object) return false;
  const auto function = DataBehind(elf, At(*object, layout.object_funcs));
  return function && (elf.HasPointerAt(*function) ||
                      elf.HasPointerAt(At(*function, layout.func_new)));
}

absl::Status CheckReplacement(const ElfImage& elf, const TableLayout& layout,
                              ElfAddress at, absl::string_view function) {
  const std::string what = absl::StrCat("the replacement of '", function, "'");
  if (!elf.HasPointerAt(at)) {
    return BrokenTable(layout.type, what, " is missing");
  }
  const auto pointer = elf.PointerAt(at);
  if (!pointer) {
    return BrokenTable(layout.type, what, " is not a function of this module");
  }
  if (!elf.sections()[pointer->section].executable) {
    return BrokenTable(layout.type, what, " is not code");
  }
  const absl::Status stays = CheckStays(elf, layout.type, *pointer, what);
  if (!stays.ok()) return stays;
  if (!elf.FunctionAt(*pointer).empty()) return absl::OkStatus();
  return BrokenTable(layout.type, what,
                     " points into a function, not at its start, or the "
                     "module was stripped of its symbols");
}

absl::Status ReadFunctions(const ElfImage& elf, const TableLayout& layout,
                           ElfAddress table, const std::string& object,
                           PatchDescription& patch) {
  for (size_t i = 0;; i++) {
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
    absl::Status sound =
        CheckCount(elf, layout.type, object, i + 1, patch.functions.size() + 1);
    if (!sound.ok()) return sound;
    sound = CheckStays(
        elf, layout.type, entry,
        absl::StrCat("the array of functions of object '", object, "'"));
    if (!sound.ok()) return sound;
    const auto name = NameBehind(elf, entry);
    if (!name) {
      return BrokenTable(
          layout.type, "function ", i, " of object '", object,
          named ? "' has a name that is not a symbol" : "' has no name");
    }
    if (layout.replaces_with_own) {
      sound = CheckReplacement(elf, layout, new_func, *name);
    }
    if (!sound.ok()) return sound;
    patch.functions.push_back(
        {object, *name, CodeBehind(elf, new_func), *sympos});
  }
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
          .func_size = KLPX_FUNC_SIZE,
          .replaces_with_own = true};
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
  if (!text) return std::nullopt;
  std::string name(*text);
  if (!klpx_is_symbol_name(name.c_str())) return std::nullopt;
  return name;
}

std::optional<std::string> ObjectNameBehind(const ElfImage& elf,
                                            ElfAddress at) {
  const auto pointer = DataBehind(elf, at);
  if (!pointer) return std::nullopt;
  const auto text = elf.StringAt(*pointer);
  if (!text || text->size() >= KLPX_SYMBOL_LEN) return std::nullopt;
  std::string name(*text);
  for (const char c : name) {
    if (!absl::ascii_isgraph(c)) return std::nullopt;
  }
  return name;
}

absl::Status CheckStays(const ElfImage& elf, absl::string_view type,
                        ElfAddress at, absl::string_view what) {
  const absl::string_view section = elf.sections()[at.section].name;
  if (!absl::StartsWith(section, kInitSections)) return absl::OkStatus();
  return BrokenTable(type, what, " is in ", section,
                     ", which is freed once module_init() has returned");
}

absl::Status CheckCount(const ElfImage& elf, absl::string_view type,
                        absl::string_view object, size_t of_object,
                        size_t of_all) {
  if (of_object > kMaxFunctions) {
    return BrokenTable(type, "object '", object, "' has more than ",
                       kMaxFunctions, " functions");
  }
  if (of_all <= elf.size() / kLeastFunctionSize) return absl::OkStatus();
  return BrokenTable(type,
                     "its objects have more functions than the file has "
                     "room for");
}

absl::Status CheckCallbacks(const ElfImage& elf, absl::string_view type,
                            ElfAddress first, size_t count,
                            absl::string_view of) {
  const std::string what = absl::StrCat("a callback of ", of);
  for (size_t i = 0; i < count; i++) {
    const ElfAddress at = At(first, i * sizeof(uint64_t));
    // There is no callback, or it belongs to another module.
    const auto pointer = elf.PointerAt(at);
    if (!pointer) continue;
    if (!elf.sections()[pointer->section].executable) {
      return BrokenTable(type, what, " is not a function");
    }
    const absl::Status stays = CheckStays(elf, type, *pointer, what);
    if (!stays.ok()) return stays;
  }
  return absl::OkStatus();
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
    if (places.size() == kMaxPatches) break;
  }
  if (!places.empty()) return places;
  for (const ElfAddress place : elf.PlacesOf(kThisModule)) {
    if (IsBrokenPatch(elf, layout, place)) places.push_back(place);
  }
  return places;
}

absl::Status ReadTables(const ElfImage& elf, const TableLayout& layout,
                        ElfAddress place, PatchDescription& patch) {
  const auto table = elf.PointerAt(At(place, layout.patch_objs));
  if (!table) return BrokenTable(layout.type, "it has no objects");
  absl::Status sound = CheckStays(elf, layout.type, place, "it");
  if (sound.ok()) {
    sound = CheckStays(elf, layout.type, *table, "the array of objects");
  }
  if (!sound.ok()) return sound;
  for (size_t i = 0;; i++) {
    const ElfAddress entry = At(*table, i * layout.object_size);
    const ElfAddress funcs_place = At(entry, layout.object_funcs);
    if (!elf.NumberAt<uint8_t>(At(entry, layout.object_size - 1))) {
      return BrokenTable(layout.type,
                         "the objects do not end with an empty element");
    }
    const bool named = elf.HasPointerAt(entry);
    if (!named && !elf.HasPointerAt(funcs_place)) return absl::OkStatus();
    if (i == kMaxObjects) break;
    const auto name = ObjectNameBehind(elf, entry);
    if (named && !name) {
      return BrokenTable(layout.type, "object ", i,
                         " has a name that is not a module's");
    }
    if (name == "vmlinux") {
      return BrokenTable(layout.type, "object ", i,
                         " is named 'vmlinux'; for that, leave its name "
                         "empty (NULL)");
    }
    const std::string object = name.value_or("vmlinux");
    const auto funcs = DataBehind(elf, funcs_place);
    if (!funcs) {
      return BrokenTable(layout.type, "object '", object, "' has no functions");
    }
    const ElfAddress callbacks = At(entry, layout.object_callbacks);
    patch.objects.push_back(
        {object, CallbacksAt(elf, callbacks, kObjectCallbacks)});
    sound =
        CheckCallbacks(elf, layout.type, callbacks, std::size(kObjectCallbacks),
                       absl::StrCat("object '", object, "'"));
    if (sound.ok()) sound = ReadFunctions(elf, layout, *funcs, object, patch);
    if (!sound.ok()) return sound;
  }
  return BrokenTable(layout.type, "more than ", kMaxObjects, " objects");
}

}  // namespace klpx
