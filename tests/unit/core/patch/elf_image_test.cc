// SPDX-License-Identifier: GPL-2.0
// Hostile files: any bytes must lead to an error or an image.
#include "controller/core/patch/elf_image.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/patch/patch_file.h"
#include "tests/unit/data/test_files.h"

namespace klpx {
namespace {

class ElfImageTest : public testing::Test {
 protected:
  // Overwrites a field of the file header.
  template <typename T>
  void SetHeader(size_t offset, T value) {
    std::memcpy(&module_[offset], &value, sizeof(value));
  }

  // Overwrites a field of a section header.
  template <typename T>
  void SetSection(size_t index, size_t offset, T value) {
    Elf64_Ehdr header;
    std::memcpy(&header, module_.data(), sizeof(header));
    SetHeader(header.e_shoff + index * sizeof(Elf64_Shdr) + offset, value);
  }

  // Overwrites a field of the first relocation of .data; false without one.
  bool SetRelocation(size_t offset, uint64_t value) {
    const std::string original = ReadTestFile(TEST_MODULE_KLPX);
    const auto image = ElfImage::Parse(original);
    const ElfSection* table = image->FindSection(".rela.data");
    if (table == nullptr) return false;
    const size_t at = original.find(std::string(table->data));
    SetHeader(at + offset, value);
    return true;
  }

  size_t SectionCount() const {
    Elf64_Ehdr header;
    std::memcpy(&header, module_.data(), sizeof(header));
    return header.e_shnum;
  }

  ErrorKind Kind() const {
    const auto image = ElfImage::Parse(module_);
    EXPECT_FALSE(image.ok());
    return KindOf(image.status());
  }

  std::string module_ = ReadTestFile(TEST_MODULE_KLPX);
};

TEST_F(ElfImageTest, ReadsAnObject) {
  const auto image = ElfImage::Parse(module_);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_NE(image->FindSection(".modinfo"), nullptr);
  EXPECT_EQ(image->FindSection(".nothing"), nullptr);
  EXPECT_TRUE(image->Imports(KLPX_ENABLE_SYMBOL));
  EXPECT_FALSE(image->Imports("init_module"));
}

TEST_F(ElfImageTest, RefusesEveryPrefix) {
  for (size_t size = 0; size < module_.size(); size++) {
    const auto image = ElfImage::Parse(module_.substr(0, size));
    ASSERT_FALSE(image.ok()) << size;
    ASSERT_EQ(KindOf(image.status()), ErrorKind::kNotAModule) << size;
  }
}

TEST_F(ElfImageTest, RefusesOtherMachines) {
  SetHeader<uint16_t>(offsetof(Elf64_Ehdr, e_machine), EM_AARCH64);
  EXPECT_EQ(Kind(), ErrorKind::kNotAModule);
}

TEST_F(ElfImageTest, RefusesOtherClasses) {
  SetHeader<uint8_t>(EI_CLASS, ELFCLASS32);
  EXPECT_EQ(Kind(), ErrorKind::kNotAModule);
}

TEST_F(ElfImageTest, RefusesExecutables) {
  SetHeader<uint16_t>(offsetof(Elf64_Ehdr, e_type), ET_DYN);
  EXPECT_EQ(Kind(), ErrorKind::kNotAModule);
}

TEST_F(ElfImageTest, RefusesSectionHeadersOutsideTheFile) {
  for (const uint64_t offset : {uint64_t{1} << 40, ~uint64_t{0}}) {
    SetHeader<uint64_t>(offsetof(Elf64_Ehdr, e_shoff), offset);
    EXPECT_EQ(Kind(), ErrorKind::kNotAModule) << offset;
  }
}

TEST_F(ElfImageTest, RefusesSectionsOutsideTheFile) {
  const std::string original = module_;
  for (size_t i = 1; i < SectionCount(); i++) {
    SetSection<uint32_t>(i, offsetof(Elf64_Shdr, sh_type), SHT_PROGBITS);
    SetSection<uint64_t>(i, offsetof(Elf64_Shdr, sh_size), ~uint64_t{0});
    EXPECT_EQ(Kind(), ErrorKind::kNotAModule) << i;
    module_ = original;
  }
}

TEST_F(ElfImageTest, RefusesRelocationsOutsideTheirSection) {
  for (const uint64_t offset : {uint64_t{1} << 20, ~uint64_t{0}}) {
    ASSERT_TRUE(SetRelocation(offsetof(Elf64_Rela, r_offset), offset));
    EXPECT_EQ(Kind(), ErrorKind::kNotAModule) << offset;
  }
}

TEST_F(ElfImageTest, RefusesRelocationsAgainstAMissingSymbol) {
  ASSERT_TRUE(SetRelocation(offsetof(Elf64_Rela, r_info),
                            ELF64_R_INFO(uint64_t{1} << 30, R_X86_64_64)));
  EXPECT_EQ(Kind(), ErrorKind::kNotAModule);
}

TEST_F(ElfImageTest, ReadsPointersOutsideOfTheirSections) {
  ASSERT_TRUE(SetRelocation(offsetof(Elf64_Rela, r_addend), uint64_t{1} << 62));
  EXPECT_TRUE(ElfImage::Parse(module_).ok());
  // An answer is all that is asked for.
  (void)ParsePatchFile(module_);
}

TEST_F(ElfImageTest, ReadsOverlappingSections) {
  // All sections begin where the first one does: strange, but inside the file.
  for (size_t i = 1; i < SectionCount(); i++) {
    SetSection<uint64_t>(i, offsetof(Elf64_Shdr, sh_offset), 0);
  }
  // An answer is all that is asked for.
  (void)ParsePatchFile(module_);
}

TEST_F(ElfImageTest, SurvivesEveryWrongByte) {
  for (size_t at = 0; at < module_.size(); at++) {
    for (const char value : {'\0', '\x7f', '\xff'}) {
      std::string broken = module_;
      broken[at] = value;
      (void)ParsePatchFile(std::move(broken));
    }
  }
}

TEST_F(ElfImageTest, SurvivesRandomDamage) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; round++) {
    std::string broken = module_;
    for (int i = 0; i < 16; i++) {
      broken[random() % broken.size()] = static_cast<char>(random());
    }
    (void)ParsePatchFile(std::move(broken));
  }
}

}  // namespace
}  // namespace klpx
