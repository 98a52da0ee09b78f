// SPDX-License-Identifier: GPL-2.0
// What a .ko file says about itself. The struct klpx_patch is found by the
// pointer to __this_module it starts with; everything behind it has to have
// the shape that include/klpx/livepatch.h gives it, or it is another struct.
#include "controller/core/patch_file.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "controller/core/abi.h"
#include "controller/core/elf_image.h"
#include "controller/core/error.h"

namespace klpx {
namespace {

// More than any patch has; a bound for tables that do not end.
constexpr size_t kMaxObjects = 4096;
constexpr size_t kMaxFunctions = 65536;

constexpr absl::string_view kThisModule = "__this_module";
constexpr absl::string_view kThisModuleSection = ".gnu.linkonce.this_module";
constexpr absl::string_view kKernelEnableSymbol = "klp_enable_patch";

using Functions = std::vector<PatchedFunction>;

ElfAddress At(ElfAddress base, uint64_t offset) {
  return {base.section, base.offset + offset};
}

std::optional<std::string> StringBehind(const ElfImage& elf, ElfAddress at) {
  const auto pointer = elf.PointerAt(at);
  if (!pointer) return std::nullopt;
  const auto text = elf.StringAt(*pointer);
  if (!text) return std::nullopt;
  return std::string(*text);
}

bool IsSymbolName(absl::string_view name) {
  for (const char c : name) {
    if (!absl::ascii_isalnum(c) && c != '_' && c != '.' && c != '$') {
      return false;
    }
  }
  return !name.empty() && name.size() < KLPX_FUNC_NAME_LEN;
}

// Nothing if the table at this place is not an array of klpx_func.
std::optional<Functions> ReadFunctions(const ElfImage& elf, ElfAddress table,
                                       const std::string& object) {
  Functions functions;
  for (size_t i = 0; i < kMaxFunctions; i++) {
    const ElfAddress entry = At(table, i * KLPX_FUNC_SIZE);
    const auto sympos = elf.WordAt(At(entry, KLPX_FUNC_SYMPOS_OFFSET));
    if (!sympos) return std::nullopt;
    const auto name = StringBehind(elf, entry);
    const auto replacement = elf.PointerAt(At(entry, KLPX_FUNC_NEW_OFFSET));
    if (!name && !replacement && *sympos == 0) return functions;
    if (!name || !IsSymbolName(*name)) return std::nullopt;
    const absl::string_view new_name =
        replacement ? elf.FunctionAt(*replacement) : "";
    functions.push_back({object, *name, std::string(new_name), *sympos});
  }
  return std::nullopt;
}

// Nothing if the table at this place is not an array of klpx_object.
std::optional<Functions> ReadObjects(const ElfImage& elf, ElfAddress table) {
  Functions all;
  for (size_t i = 0; i < kMaxObjects; i++) {
    const ElfAddress entry = At(table, i * KLPX_OBJECT_SIZE);
    if (!elf.WordAt(At(entry, KLPX_OBJECT_FUNCS_OFFSET))) return std::nullopt;
    const auto name = StringBehind(elf, entry);
    const auto funcs = elf.PointerAt(At(entry, KLPX_OBJECT_FUNCS_OFFSET));
    if (!name && !funcs) return all;
    if (!funcs || (name && !IsSymbolName(*name))) return std::nullopt;
    auto functions = ReadFunctions(elf, *funcs, name.value_or("vmlinux"));
    if (!functions) return std::nullopt;
    all.insert(all.end(), functions->begin(), functions->end());
    if (all.size() > kMaxFunctions) return std::nullopt;
  }
  return std::nullopt;
}

void ReadDescription(const ElfImage& elf, PatchFile& file) {
  for (const ElfAddress place : elf.PlacesOf(kThisModule)) {
    const auto objects = elf.PointerAt(At(place, KLPX_PATCH_OBJS_OFFSET));
    if (!objects) continue;
    auto functions = ReadObjects(elf, *objects);
    if (!functions || functions->empty()) continue;
    file.functions = *std::move(functions);
    const auto word = elf.WordAt(At(place, KLPX_PATCH_VERSION_OFFSET));
    const uint32_t version = word ? static_cast<uint32_t>(*word) : 0;
    if (version != 0) file.version = absl::StrCat(version);
    return;
  }
}

void ReadModinfo(absl::string_view modinfo, PatchFile& file) {
  for (const absl::string_view entry : absl::StrSplit(modinfo, '\0')) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(entry, absl::MaxSplits('=', 1));
    const auto& [key, value] = pair;
    if (key == "name") file.module = std::string(value);
    if (key == "version") file.version = std::string(value);
    if (key == "vermagic") file.vermagic = std::string(value);
    if (key == "description") file.description = std::string(value);
    if (key == "license") file.license = std::string(value);
    if (key == "depends") {
      file.depends = absl::StrSplit(value, ',', absl::SkipEmpty());
    }
  }
}

Engine EngineOf(const ElfImage& elf) {
  if (elf.Imports(KLPX_ENABLE_SYMBOL)) return Engine::kKlpx;
  if (elf.Imports(kKernelEnableSymbol)) return Engine::kKernel;
  return Engine::kNone;
}

}  // namespace

absl::string_view EngineName(Engine engine) {
  switch (engine) {
    case Engine::kKlpx:
      return "klpx";
    case Engine::kKernel:
      return "kernel";
    case Engine::kNone:
      return "none";
  }
  return "none";
}

absl::StatusOr<PatchFile> ParsePatchFile(std::string bytes) {
  absl::StatusOr<ElfImage> elf = ElfImage::Parse(std::move(bytes));
  if (!elf.ok()) return elf.status();
  const ElfSection* modinfo = elf->FindSection(".modinfo");
  if (modinfo == nullptr || !elf->FindSection(kThisModuleSection)) {
    return Error(ErrorKind::kNotAModule,
                 "not a kernel module: an object file without .modinfo; give "
                 "the .ko, not the .o");
  }
  PatchFile file;
  ReadModinfo(modinfo->data, file);
  if (file.module.empty() || file.vermagic.empty()) {
    return Error(ErrorKind::kNotAModule,
                 "not a kernel module: .modinfo has no name or vermagic");
  }
  const ElfSection* note = elf->FindSection(".note.gnu.build-id");
  if (note != nullptr) file.build_id = std::string(note->data);
  file.engine = EngineOf(*elf);
  if (file.engine == Engine::kKlpx) ReadDescription(*elf, file);
  return file;
}

}  // namespace klpx
