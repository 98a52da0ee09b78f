// SPDX-License-Identifier: GPL-2.0
// A relocatable ELF64 x86-64 file in memory. All reads go through Slice() and
// Record(), which refuse any access outside the file.
#include "controller/core/patch/elf_image.h"

#include <elf.h>

#include <algorithm>
#include <cstring>

#include "controller/core/base/error.h"

namespace klpx {
namespace {

// No kernel would load a module with more than these.
constexpr size_t kMaxSections = 0xff00;
constexpr size_t kMaxSymbols = 1 << 22;
constexpr size_t kMaxPointers = 1 << 22;
// Longer than any name in a kernel. Bounds the search for the end of a string,
// as a file can have millions of strings without an end.
constexpr size_t kMaxStringBytes = 4096;

absl::Status Malformed(absl::string_view what) {
  return Error(ErrorKind::kNotAModule, "not a kernel module: ", what);
}

// The comparison with `offset` comes first, so the sum cannot overflow.
std::optional<absl::string_view> Slice(absl::string_view bytes, uint64_t offset,
                                       uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset) {
    return std::nullopt;
  }
  return bytes.substr(offset, size);
}

// The index-th T of a table; memcpy because nothing in a file is aligned.
template <typename T>
std::optional<T> Record(absl::string_view table, uint64_t index) {
  if (index >= table.size() / sizeof(T)) return std::nullopt;
  T record;
  std::memcpy(&record, table.data() + index * sizeof(T), sizeof(T));
  return record;
}

std::optional<absl::string_view> CString(absl::string_view table,
                                         uint64_t offset) {
  if (offset >= table.size()) return std::nullopt;
  const absl::string_view rest = table.substr(offset, kMaxStringBytes);
  const size_t end = rest.find('\0');
  if (end == absl::string_view::npos) return std::nullopt;
  return rest.substr(0, end);
}

absl::Status CheckHeader(const Elf64_Ehdr& header) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return Malformed("not an ELF file");
  }
  if (header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_machine != EM_X86_64) {
    return Malformed("not for x86-64");
  }
  if (header.e_type != ET_REL) return Malformed("not a relocatable object");
  if (header.e_shentsize != sizeof(Elf64_Shdr)) {
    return Malformed("section headers of an unknown size");
  }
  return absl::OkStatus();
}

}  // namespace

ElfImage::ElfImage(std::string bytes)
    : bytes_(std::make_unique<const std::string>(std::move(bytes))) {}

absl::StatusOr<ElfImage> ElfImage::Parse(std::string bytes) {
  ElfImage image(std::move(bytes));
  absl::Status status = image.ReadSections();
  if (status.ok()) status = image.ReadSymbols();
  if (status.ok()) status = image.ReadRelocations();
  if (!status.ok()) return status;
  return image;
}

absl::Status ElfImage::ReadSections() {
  const absl::string_view bytes = *bytes_;
  const auto header = Record<Elf64_Ehdr>(bytes, 0);
  if (!header) return Malformed("not an ELF file");
  absl::Status status = CheckHeader(*header);
  if (!status.ok()) return status;
  const size_t count = header->e_shnum;
  const auto table = Slice(bytes, header->e_shoff, count * sizeof(Elf64_Shdr));
  if (count == 0 || count > kMaxSections || !table) {
    return Malformed("truncated, no section headers");
  }
  const auto names_header = Record<Elf64_Shdr>(*table, header->e_shstrndx);
  if (!names_header) return Malformed("no section names");
  const auto names =
      Slice(bytes, names_header->sh_offset, names_header->sh_size);
  if (!names) return Malformed("truncated section names");
  for (size_t i = 0; i < count; i++) {
    const auto section = *Record<Elf64_Shdr>(*table, i);
    const auto name = CString(*names, section.sh_name);
    if (!name) return Malformed("a section without a name");
    const bool in_file =
        section.sh_type != SHT_NOBITS && section.sh_type != SHT_NULL;
    const auto data = Slice(bytes, in_file ? section.sh_offset : 0,
                            in_file ? section.sh_size : 0);
    if (!data) {
      return Malformed(absl::StrCat("section ", *name, " is truncated"));
    }
    headers_.push_back(
        {section.sh_type, section.sh_flags, section.sh_link, section.sh_info});
    sections_.push_back({*name, *data, (section.sh_flags & SHF_EXECINSTR) != 0,
                         section.sh_type == SHT_NOBITS ? section.sh_size : 0});
  }
  return absl::OkStatus();
}

absl::Status ElfImage::ReadSymbols() {
  for (size_t i = 0; i < sections_.size(); i++) {
    if (headers_[i].type != SHT_SYMTAB) continue;
    if (!symbols_.empty()) return Malformed("two symbol tables");
    if (headers_[i].link >= sections_.size()) {
      return Malformed("no symbol names");
    }
    const absl::string_view names = sections_[headers_[i].link].data;
    const size_t count = sections_[i].data.size() / sizeof(Elf64_Sym);
    if (count > kMaxSymbols) return Malformed("too many symbols");
    for (size_t index = 0; index < count; index++) {
      const auto symbol = *Record<Elf64_Sym>(sections_[i].data, index);
      const auto name = CString(names, symbol.st_name);
      if (!name) return Malformed("a symbol without a name");
      const bool is_function = ELF64_ST_TYPE(symbol.st_info) == STT_FUNC;
      symbols_.push_back({*name, symbol.st_shndx, symbol.st_value, is_function,
                          ELF64_ST_BIND(symbol.st_info) == STB_WEAK});
      if (!is_function) continue;
      functions_.try_emplace({symbol.st_shndx, symbol.st_value}, index);
    }
  }
  if (symbols_.empty()) return Malformed("no symbol table");
  return absl::OkStatus();
}

absl::Status ElfImage::ReadRelocations() {
  for (size_t i = 0; i < sections_.size(); i++) {
    if (headers_[i].type != SHT_RELA) continue;
    const uint32_t target = headers_[i].info;
    if (target >= sections_.size()) {
      return Malformed("relocations for a missing section");
    }
    // Sections that are not loaded (debug information) do not matter here.
    if ((headers_[target].flags & SHF_ALLOC) == 0) continue;
    const size_t count = sections_[i].data.size() / sizeof(Elf64_Rela);
    for (size_t index = 0; index < count; index++) {
      const auto rela = *Record<Elf64_Rela>(sections_[i].data, index);
      if (ELF64_R_TYPE(rela.r_info) != R_X86_64_64) continue;
      const uint32_t symbol = ELF64_R_SYM(rela.r_info);
      if (symbol >= symbols_.size()) {
        return Malformed("a relocation against a missing symbol");
      }
      if (!Slice(sections_[target].data, rela.r_offset, sizeof(uint64_t))) {
        return Malformed(absl::StrCat("a relocation outside of section ",
                                      sections_[target].name));
      }
      if (pointers_.size() >= kMaxPointers)
        return Malformed("too many pointers");
      pointers_[{target, rela.r_offset}] = {symbol, rela.r_addend};
    }
  }
  return absl::OkStatus();
}

const ElfSection* ElfImage::FindSection(absl::string_view name) const {
  for (const ElfSection& section : sections_) {
    if (section.name == name) return &section;
  }
  return nullptr;
}

bool ElfImage::Imports(absl::string_view symbol) const {
  for (const ElfSymbol& candidate : symbols_) {
    if (candidate.section == SHN_UNDEF && candidate.name == symbol) return true;
  }
  return false;
}

std::optional<ElfAddress> ElfImage::PointerAt(ElfAddress at) const {
  const auto found = pointers_.find({at.section, at.offset});
  if (found == pointers_.end()) return std::nullopt;
  const ElfSymbol& symbol = symbols_[found->second.symbol];
  if (symbol.section == SHN_UNDEF || symbol.section >= sections_.size()) {
    return std::nullopt;
  }
  const uint64_t offset =
      symbol.value + static_cast<uint64_t>(found->second.addend);
  return ElfAddress{symbol.section, offset};
}

bool ElfImage::HasPointerAt(ElfAddress at) const {
  return pointers_.contains({at.section, at.offset});
}

std::vector<ElfAddress> ElfImage::PlacesOf(absl::string_view symbol) const {
  std::vector<ElfAddress> places;
  for (const auto& [place, pointer] : pointers_) {
    if (symbols_[pointer.symbol].name == symbol) {
      places.push_back({place.first, place.second});
    }
  }
  std::sort(places.begin(), places.end(),
            [](const ElfAddress& a, const ElfAddress& b) {
              return std::pair(a.section, a.offset) <
                     std::pair(b.section, b.offset);
            });
  return places;
}

bool ElfImage::CopyAt(ElfAddress at, size_t size, void* bytes) const {
  if (at.section >= sections_.size()) return false;
  const ElfSection& section = sections_[at.section];
  if (section.zeroes > 0) {
    const bool inside =
        at.offset <= section.zeroes && size <= section.zeroes - at.offset;
    if (inside) std::memset(bytes, 0, size);
    return inside;
  }
  const auto slice = Slice(section.data, at.offset, size);
  if (slice) std::memcpy(bytes, slice->data(), size);
  return slice.has_value();
}

std::optional<absl::string_view> ElfImage::StringAt(ElfAddress at) const {
  if (at.section >= sections_.size()) return std::nullopt;
  return CString(sections_[at.section].data, at.offset);
}

absl::string_view ElfImage::FunctionAt(ElfAddress at) const {
  const auto found = functions_.find({at.section, at.offset});
  return found == functions_.end() ? "" : symbols_[found->second].name;
}

}  // namespace klpx
