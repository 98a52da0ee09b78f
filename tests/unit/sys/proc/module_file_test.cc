// SPDX-License-Identifier: GPL-2.0
#include "controller/sys/proc/module_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>

#include "controller/core/base/error.h"

namespace klpx {
namespace {

using testing::HasSubstr;

constexpr size_t kMuch = 8 << 20;

// "a module, and a text", compressed by zstd(1), which adds a checksum;
// libarchive does not.
constexpr char kZstd[] = {
    '\x28', '\xb5', '\x2f', '\xfd', '\x04', '\x58', '\xa1', '\x00', '\x00',
    '\x61', '\x20', '\x6d', '\x6f', '\x64', '\x75', '\x6c', '\x65', '\x2c',
    '\x20', '\x61', '\x6e', '\x64', '\x20', '\x61', '\x20', '\x74', '\x65',
    '\x78', '\x74', '\xf9', '\x55', '\x57', '\xf0'};

struct Filter {
  const char* name;
  int (*add)(archive*);
};

void PrintTo(const Filter& filter, std::ostream* out) { *out << filter.name; }

std::string Compress(const std::string& content, const Filter& filter) {
  std::string out(content.size() + 4096, '\0');
  size_t used = 0;
  const std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(),
                                                           archive_write_free);
  EXPECT_EQ(filter.add(writer.get()), ARCHIVE_OK);
  EXPECT_EQ(archive_write_set_format_raw(writer.get()), ARCHIVE_OK);
  archive_write_set_bytes_in_last_block(writer.get(), 1);
  EXPECT_EQ(
      archive_write_open_memory(writer.get(), out.data(), out.size(), &used),
      ARCHIVE_OK);
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(
      archive_entry_new(), archive_entry_free);
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_pathname(entry.get(), "fix.ko");
  EXPECT_EQ(archive_write_header(writer.get(), entry.get()), ARCHIVE_OK);
  archive_write_data(writer.get(), content.data(), content.size());
  EXPECT_EQ(archive_write_close(writer.get()), ARCHIVE_OK);
  out.resize(used);
  return out;
}

// Irregular enough that a missing piece would be noticed.
std::string Content(size_t size) {
  std::string content(size, '\0');
  uint32_t number = 1;
  for (char& byte : content) {
    number = number * 1103515245 + 12345;
    byte = static_cast<char>(number >> 28);
  }
  return content;
}

class ModuleFileTest : public testing::TestWithParam<Filter> {};

TEST_P(ModuleFileTest, DecompressesWhatWasCompressed) {
  for (const size_t size : {1, 100, 65536, 300000}) {
    const std::string content = Content(size);
    const std::string compressed = Compress(content, GetParam());
    EXPECT_EQ(CompressionOf(compressed), GetParam().name);
    EXPECT_EQ(Decompress(compressed).value(), content) << size;
  }
}

TEST_P(ModuleFileTest, RefusesTruncatedData) {
  const std::string compressed = Compress(Content(300000), GetParam());
  for (const size_t size :
       {size_t{8}, size_t{40}, compressed.size() / 2, compressed.size() - 1}) {
    const auto got = Decompress(compressed.substr(0, size));
    EXPECT_EQ(KindOf(got.status()), ErrorKind::kNotAModule) << size;
  }
}

TEST_P(ModuleFileTest, RefusesChangedData) {
  std::string compressed = GetParam().name == std::string("zstd")
                               ? std::string(kZstd, sizeof(kZstd))
                               : Compress(Content(300000), GetParam());
  compressed[compressed.size() / 2] ^= 0x55;
  const auto got = Decompress(compressed);
  EXPECT_EQ(KindOf(got.status()), ErrorKind::kNotAModule);
  EXPECT_THAT(got.status().message(), HasSubstr(GetParam().name));
}

TEST_P(ModuleFileTest, RefusesADecompressionBomb) {
  const std::string bomb = Compress(std::string(kMuch, '\0'), GetParam());
  EXPECT_LT(bomb.size(), kMuch / 100);
  EXPECT_EQ(Decompress(bomb, kMuch).value().size(), kMuch);
  const auto got = Decompress(bomb, kMuch - 1);
  EXPECT_EQ(KindOf(got.status()), ErrorKind::kNotAModule);
  EXPECT_THAT(got.status().message(), HasSubstr("larger than any module"));
}

INSTANTIATE_TEST_SUITE_P(
    All, ModuleFileTest,
    testing::Values(Filter{"xz", archive_write_add_filter_xz},
                    Filter{"zstd", archive_write_add_filter_zstd},
                    Filter{"gzip", archive_write_add_filter_gzip}),
    [](const auto& filter) { return filter.param.name; });

TEST(DecompressTest, DecompressesTheOutputOfZstd) {
  EXPECT_EQ(Decompress(std::string(kZstd, sizeof(kZstd))).value(),
            "a module, and a text");
}

TEST(DecompressTest, LeavesUncompressedDataAlone) {
  for (const std::string bytes : {"", "\x7f",
                                  "\x7f"
                                  "ELF and more",
                                  "\x1f"}) {
    EXPECT_EQ(CompressionOf(bytes), "");
    EXPECT_EQ(Decompress(bytes).value(), bytes);
  }
}

}  // namespace
}  // namespace klpx
