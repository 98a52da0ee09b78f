// SPDX-License-Identifier: GPL-2.0
#include "controller/sys/proc/module_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "controller/core/base/error.h"

namespace klpx {
namespace {

using Reader = std::unique_ptr<archive, int (*)(archive*)>;

constexpr size_t kChunkBytes = 1 << 16;

struct Compression {
  absl::string_view name;
  absl::string_view magic;
  int (*support)(archive*);
};

constexpr Compression kCompressions[] = {
    {"xz",
     "\xfd"
     "7zXZ",
     archive_read_support_filter_xz},
    {"zstd", "\x28\xb5\x2f\xfd", archive_read_support_filter_zstd},
    {"gzip", "\x1f\x8b", archive_read_support_filter_gzip},
};

const Compression* Find(absl::string_view bytes) {
  for (const Compression& one : kCompressions) {
    if (absl::StartsWith(bytes, one.magic)) return &one;
  }
  return nullptr;
}

absl::Status Damaged(const Compression& by, absl::string_view why) {
  return Error(ErrorKind::kNotAModule, "not a kernel module: its ", by.name,
               " data cannot be decompressed (", why,
               "); copy or compress it again");
}

absl::Status Damaged(const Compression& by, archive* reader) {
  const char* why = archive_error_string(reader);
  return Damaged(by, why == nullptr ? "it ends early" : why);
}

absl::StatusOr<std::string> ReadAll(const Compression& by, archive* reader,
                                    size_t most) {
  std::string content;
  for (;;) {
    const size_t size = content.size();
    content.resize(size + kChunkBytes);
    const la_ssize_t got =
        archive_read_data(reader, &content[size], kChunkBytes);
    if (got < 0) return Damaged(by, reader);
    content.resize(size + static_cast<size_t>(got));
    if (got == 0) return content;
    if (content.size() > most) {
      return Damaged(by, "it is larger than any module");
    }
  }
}

// Checks the sum and the size at the end of a gzip file, which libarchive
// ignores.
bool IsWholeGzip(absl::string_view bytes, absl::string_view content) {
  const auto* data = reinterpret_cast<const Bytef*>(content.data());
  const uint64_t sum = crc32_z(0, data, content.size());
  uint64_t end = (uint64_t{content.size()} & UINT32_MAX) << 32 | sum;
  if (bytes.size() < sizeof(end)) return false;
  for (const char byte : bytes.substr(bytes.size() - sizeof(end))) {
    if (static_cast<uint8_t>(byte) != (end & UINT8_MAX)) return false;
    end >>= 8;
  }
  return true;
}

}  // namespace

absl::string_view CompressionOf(absl::string_view bytes) {
  const Compression* by = Find(bytes);
  return by == nullptr ? "" : by->name;
}

absl::StatusOr<std::string> Decompress(std::string bytes, size_t most) {
  const Compression* by = Find(bytes);
  if (by == nullptr) return bytes;
  const Reader reader(archive_read_new(), archive_read_free);
  // ARCHIVE_WARN: libarchive was built without this filter, and would start a
  // program for it.
  if (reader == nullptr || by->support(reader.get()) != ARCHIVE_OK ||
      archive_read_support_format_raw(reader.get()) != ARCHIVE_OK) {
    return Damaged(*by, "libarchive cannot do it");
  }
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) !=
          ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) {
    return Damaged(*by, reader.get());
  }
  absl::StatusOr<std::string> content = ReadAll(*by, reader.get(), most);
  if (content.ok() && by->name == "gzip" && !IsWholeGzip(bytes, *content)) {
    return Damaged(*by, "its check sum is wrong");
  }
  return content;
}

absl::StatusOr<std::string> ReadModuleFile(Kernel& kernel,
                                           const std::string& path) {
  absl::StatusOr<std::string> bytes = kernel.ReadModule(path);
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<std::string> module = Decompress(*std::move(bytes));
  if (!module.ok()) return Annotate(module.status(), path);
  return module;
}

}  // namespace klpx
