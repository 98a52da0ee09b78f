// SPDX-License-Identifier: GPL-2.0
// The tables of objects and functions in the static data of a patch file. klpx
// and the kernel's livepatch have the same tables with different layouts. Knows
// no builder and no kernel.
#ifndef KLPX_CONTROLLER_CORE_PATCH_PATCH_TABLES_H_
#define KLPX_CONTROLLER_CORE_PATCH_PATCH_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/patch/elf_image.h"
#include "controller/core/patch/patch_description.h"

namespace klpx {

// Byte offsets and sizes. The names of objects and functions come first.
struct TableLayout {
  absl::string_view type;  // of the patch, for messages
  uint64_t patch_objs = 0;
  uint64_t patch_replace = 0;
  uint64_t object_funcs = 0;
  uint64_t object_callbacks = 0;
  uint64_t object_size = 0;
  uint64_t func_new = 0;
  uint64_t func_sympos = 0;
  uint64_t func_size = 0;
  // Are replacements functions of the module itself?
  bool replaces_with_own = false;
};

// klpx/livepatch.h.
TableLayout KlpxLayout();

// The callbacks of an object, in the order of their members in either engine.
inline constexpr absl::string_view kObjectCallbacks[] = {
    "pre_patch", "post_patch", "pre_unpatch", "post_unpatch"};

// More than any patch has; these bound arrays without an end.
inline constexpr size_t kMaxObjects = KLPX_MAX_OBJECTS;
inline constexpr size_t kMaxFunctions = KLPX_MAX_FUNCTIONS;  // of one object

template <typename... Pieces>
absl::Status BrokenTable(absl::string_view type, const Pieces&... pieces) {
  return Error(ErrorKind::kNotAPatch, "its ", type, " is broken: ", pieces...,
               "; see docs/PATCH-AUTHORS.md, or get the file again");
}

ElfAddress At(ElfAddress base, uint64_t offset);

// A pointer to data of the module.
std::optional<ElfAddress> DataBehind(const ElfImage& elf, ElfAddress at);

// The name of a function that a pointer points to.
std::optional<std::string> NameBehind(const ElfImage& elf, ElfAddress at);

// The name of a module; only checked to be printable.
std::optional<std::string> ObjectNameBehind(const ElfImage& elf, ElfAddress at);

// Fails if the memory there is freed once module_init() has returned.
absl::Status CheckStays(const ElfImage& elf, absl::string_view type,
                        ElfAddress at, absl::string_view what);

// Fails if an object has more functions than the engine takes of one; or if all
// together have more than the file has bytes for, because objects may share an
// array, and a small file could fill the memory then.
absl::Status CheckCount(const ElfImage& elf, absl::string_view type,
                        absl::string_view object, size_t of_object,
                        size_t of_all);

// Every callback that is set must be a function that stays.
absl::Status CheckCallbacks(const ElfImage& elf, absl::string_view type,
                            ElfAddress first, size_t count,
                            absl::string_view of);

// The name of the code that a pointer points to; "" if the file has none.
std::string CodeBehind(const ElfImage& elf, ElfAddress at);

// Which of these callbacks, stored in this order, are set?
std::vector<std::string> CallbacksAt(const ElfImage& elf, ElfAddress first,
                                     absl::Span<const absl::string_view> names);

// Finds the patch, which starts with a pointer to __this_module. As other
// structures do so too, it also has to point to an object with a function or a
// callback. If none does, a place that points to where an object would have one
// is taken for a broken patch. What does not fit beyond that is an error.
std::vector<ElfAddress> FindPatches(const ElfImage& elf,
                                    const TableLayout& layout);

// The objects and functions of the patch at this place.
absl::Status ReadTables(const ElfImage& elf, const TableLayout& layout,
                        ElfAddress place, PatchDescription& patch);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_PATCH_TABLES_H_
