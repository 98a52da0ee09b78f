// SPDX-License-Identifier: GPL-2.0
// What a .ko file says about itself.
#include "controller/core/patch/patch_file.h"

#include <elf.h>

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/patch/elf_image.h"
#include "controller/core/patch/livepatch_tables.h"

namespace klpx {
namespace {

// A build-id note: a header of 16 bytes (sizes, type, "GNU"), then the id.
constexpr size_t kNoteHeaderSize = 16;
// Limit for a value of .modinfo, as a file can contain anything.
constexpr size_t kMaxValueBytes = 4096;

// What scripts/sign-file puts at the end of a signed module.
constexpr absl::string_view kSignatureMark = "~Module signature appended~\n";

constexpr absl::string_view kThisModuleSection = ".gnu.linkonce.this_module";
constexpr absl::string_view kKernelEnableSymbol = "klp_enable_patch";

void ReadModinfo(absl::string_view modinfo, PatchFile& file) {
  for (const absl::string_view entry : absl::StrSplit(modinfo, '\0')) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(entry, absl::MaxSplits('=', 1));
    const absl::string_view key = pair.first;
    const absl::string_view value = pair.second.substr(0, kMaxValueBytes);
    if (key == "name") file.module = std::string(value);
    if (key == "version") file.version = std::string(value);
    if (key == "vermagic") file.vermagic = std::string(value);
    if (key == "description") file.description = std::string(value);
    if (key == KLPX_PERMANENT_TAG) file.is_permanent = value == "Y";
    if (key == "license") file.license = std::string(value);
    if (key == "depends") {
      file.depends = absl::StrSplit(value, ',', absl::SkipEmpty());
    }
  }
}

Engine EngineOf(const ElfImage& elf) {
  if (elf.Imports(KLPX_ENABLE_SYMBOL) || elf.Imports(KLPX_OLD_ENABLE_SYMBOL)) {
    return Engine::kKlpx;
  }
  if (elf.Imports(kKernelEnableSymbol)) return Engine::kKernel;
  return Engine::kNone;
}

// Weak symbols, and _GLOBAL_OFFSET_TABLE_ (x86), need not exist in the kernel.
std::vector<std::string> ImportsOf(const ElfImage& elf) {
  std::vector<std::string> imports;
  for (const ElfSymbol& symbol : elf.symbols()) {
    if (symbol.section != SHN_UNDEF || symbol.is_weak) continue;
    if (symbol.name.empty() || symbol.name == "_GLOBAL_OFFSET_TABLE_") continue;
    imports.emplace_back(symbol.name);
  }
  return imports;
}

// module_exit() defines this symbol, which the loader calls.
bool HasExit(const ElfImage& elf) {
  return std::any_of(
      elf.symbols().begin(), elf.symbols().end(), [](const ElfSymbol& symbol) {
        return symbol.section != 0 && symbol.name == "cleanup_module";
      });
}

std::string SectionBytes(const ElfImage& elf, absl::string_view name) {
  const ElfSection* section = elf.FindSection(name);
  return section == nullptr ? "" : std::string(section->data);
}

absl::Status ReadModule(const ElfImage& elf, PatchFile& file) {
  const ElfSection* modinfo = elf.FindSection(".modinfo");
  if (modinfo == nullptr || !elf.FindSection(kThisModuleSection)) {
    return Error(ErrorKind::kNotAModule,
                 "not a kernel module: an object file without .modinfo; give "
                 "the .ko, not the .o");
  }
  ReadModinfo(modinfo->data, file);
  if (file.module.empty() || file.vermagic.empty()) {
    return Error(ErrorKind::kNotAModule,
                 "not a kernel module: .modinfo has no name or vermagic");
  }
  return absl::OkStatus();
}

}  // namespace

std::string BuildIdOf(const PatchFile& file) {
  if (file.build_id.size() <= kNoteHeaderSize) return "";
  return absl::BytesToHexString(
      absl::string_view(file.build_id).substr(kNoteHeaderSize));
}

absl::StatusOr<std::string> ModuleNameOf(std::string bytes) {
  absl::StatusOr<ElfImage> elf = ElfImage::Parse(std::move(bytes));
  if (!elf.ok()) return elf.status();
  PatchFile file;
  const absl::Status read = ReadModule(*elf, file);
  if (!read.ok()) return read;
  return file.module;
}

absl::StatusOr<PatchFile> ParsePatchFile(
    std::string bytes, const std::optional<TableLayout>& livepatch_layout) {
  const bool is_signed = absl::EndsWith(bytes, kSignatureMark);
  absl::StatusOr<ElfImage> elf = ElfImage::Parse(std::move(bytes));
  if (!elf.ok()) return elf.status();
  PatchFile file;
  const absl::Status read = ReadModule(*elf, file);
  if (!read.ok()) return read;
  file.is_signed = is_signed;
  file.build_id = SectionBytes(*elf, ".note.gnu.build-id");
  file.btf = SectionBytes(*elf, ".BTF");
  file.btf_base = SectionBytes(*elf, ".BTF.base");
  file.engine = EngineOf(*elf);
  file.imports = ImportsOf(*elf);
  file.has_exit = HasExit(*elf);
  file.is_old_layout =
      file.engine == Engine::kKlpx && !elf->Imports(KLPX_ENABLE_SYMBOL);
  // Its layout is not known.
  if (file.engine == Engine::kNone || file.is_old_layout) return file;
  auto patch = file.engine == Engine::kKlpx
                   ? ReadDescription(*elf)
                   : ReadLivepatch(*elf, livepatch_layout);
  if (!patch.ok()) return patch.status();
  file.patch = *std::move(patch);
  // The tables of the builders work with either engine: a module built by one
  // of them can pass its functions to klpx itself.
  if (!file.patch && file.engine == Engine::kKlpx) {
    patch = ReadLivepatch(*elf, /*layout=*/std::nullopt);
    if (!patch.ok()) return patch.status();
    file.patch = *std::move(patch);
  }
  if (file.patch && file.patch->version != 0) {
    file.version = absl::StrCat(file.patch->version);
  }
  return file;
}

}  // namespace klpx
