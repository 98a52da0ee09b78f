// SPDX-License-Identifier: GPL-2.0
// A relocatable ELF64 x86-64 file in memory: sections, symbols, relocations,
// strings. Every offset in it is hostile until it has been checked here;
// callers only see values that lie inside the file. Knows nothing about
// patches.
#ifndef KLPX_CONTROLLER_CORE_PATCH_ELF_IMAGE_H_
#define KLPX_CONTROLLER_CORE_PATCH_ELF_IMAGE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace klpx {

// A place in the file's sections.
struct ElfAddress {
  uint32_t section;
  uint64_t offset;
};

struct ElfSymbol {
  absl::string_view name;
  uint16_t section;  // SHN_UNDEF for an import
  uint64_t value;
  bool is_function;
  bool is_weak;
};

struct ElfSection {
  absl::string_view name;
  absl::string_view data;  // empty for NOBITS
  bool executable;
  uint64_t zeroes;  // NOBITS: the number of zero bytes in memory
};

class ElfImage {
 public:
  // The image keeps its own copy of the bytes.
  static absl::StatusOr<ElfImage> Parse(std::string bytes);

  ElfImage(const ElfImage&) = delete;
  ElfImage& operator=(const ElfImage&) = delete;
  ElfImage(ElfImage&&) = default;
  ElfImage& operator=(ElfImage&&) = default;

  size_t size() const { return bytes_->size(); }
  const std::vector<ElfSection>& sections() const { return sections_; }
  const std::vector<ElfSymbol>& symbols() const { return symbols_; }

  // The first section of this name, or nullptr.
  const ElfSection* FindSection(absl::string_view name) const;

  bool Imports(absl::string_view symbol) const;

  // Where the pointer stored at this place will point once the module is
  // loaded; nothing if no absolute 64-bit relocation is applied there.
  std::optional<ElfAddress> PointerAt(ElfAddress at) const;

  // Is any pointer stored at this place?
  bool HasPointerAt(ElfAddress at) const;

  // All places in data sections at which the address of this symbol is stored,
  // in the order of the file.
  std::vector<ElfAddress> PlacesOf(absl::string_view symbol) const;

  // The number stored at this place; nothing outside of the section.
  template <typename Number>
  std::optional<Number> NumberAt(ElfAddress at) const {
    Number number = 0;
    if (!CopyAt(at, sizeof(number), &number)) return std::nullopt;
    return number;
  }

  // The NUL-terminated string at this place.
  std::optional<absl::string_view> StringAt(ElfAddress at) const;

  // The function that starts at this place; "" if there is none.
  absl::string_view FunctionAt(ElfAddress at) const;

 private:
  struct Header {
    uint32_t type;
    uint64_t flags;
    uint32_t link;
    uint32_t info;
  };
  struct Pointer {
    uint32_t symbol;
    int64_t addend;
  };

  explicit ElfImage(std::string bytes);
  // False, with nothing copied, if they lie outside.
  bool CopyAt(ElfAddress at, size_t size, void* bytes) const;
  absl::Status ReadSections();
  absl::Status ReadSymbols();
  absl::Status ReadRelocations();

  // On the heap: the views below must survive a move of the image.
  std::unique_ptr<const std::string> bytes_;
  std::vector<Header> headers_;
  std::vector<ElfSection> sections_;
  std::vector<ElfSymbol> symbols_;
  absl::flat_hash_map<std::pair<uint32_t, uint64_t>, Pointer> pointers_;
  // Indices of symbols, by place.
  absl::flat_hash_map<std::pair<uint32_t, uint64_t>, uint32_t> functions_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_ELF_IMAGE_H_
