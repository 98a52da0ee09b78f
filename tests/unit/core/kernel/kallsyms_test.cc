// SPDX-License-Identifier: GPL-2.0
#include "controller/core/kernel/kallsyms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/core/kernel/file_parsers.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The list has to outlive it.
std::vector<KernelSymbol> Symbols(absl::string_view kallsyms) {
  std::vector<KernelSymbol> symbols;
  ForEachSymbol(kallsyms,
                [&](const KernelSymbol& symbol) { symbols.push_back(symbol); });
  return symbols;
}

std::vector<std::string> Names(absl::string_view kallsyms) {
  std::vector<std::string> names;
  for (const KernelSymbol& symbol : Symbols(kallsyms)) {
    names.emplace_back(symbol.name);
  }
  return names;
}

TEST(KallsymsTest, TellsTheKernelFromItsModules) {
  const auto symbols = Symbols(
      "ffffffff81000000 T _text\n"
      "ffffffffc0a01000 t ext4_open\t[ext4]\n");
  ASSERT_THAT(symbols, SizeIs(2));
  EXPECT_EQ(symbols[0].address, 0xffffffff81000000u);
  EXPECT_EQ(symbols[0].name, "_text");
  EXPECT_EQ(symbols[0].object, kVmlinux);
  EXPECT_EQ(symbols[1].address, 0xffffffffc0a01000u);
  EXPECT_EQ(symbols[1].name, "ext4_open");
  EXPECT_EQ(symbols[1].object, "ext4");
}

TEST(KallsymsTest, TellsCodeFromData) {
  for (const char* type : {"t", "T", "w", "W"}) {
    const std::string line = absl::StrCat("1 ", type, " name");
    EXPECT_TRUE(Symbols(line).at(0).is_text) << type;
  }
  for (const char* type : {"d", "D", "b", "r", "A", "V", "?"}) {
    const std::string line = absl::StrCat("1 ", type, " name");
    EXPECT_FALSE(Symbols(line).at(0).is_text) << type;
  }
}

TEST(KallsymsTest, HiddenAddressesAreZero) {
  EXPECT_EQ(Symbols("0000000000000000 T do_open\n").at(0).address, 0u);
}

TEST(KallsymsTest, ReadsDigitsOfEitherCase) {
  EXPECT_EQ(Symbols("abcdef09 T a\n").at(0).address, 0xabcdef09u);
  EXPECT_EQ(Symbols("ABCDEF09 T a\n").at(0).address, 0xabcdef09u);
}

TEST(KallsymsTest, KeepsTheOrderAndTheLastLineWithoutAnEnd) {
  EXPECT_THAT(Names("2 T b\n1 T a\n2 T b\n3 T c"),
              ElementsAre("b", "a", "b", "c"));
}

TEST(KallsymsTest, LeavesOutWhatIsNoSymbol) {
  EXPECT_THAT(Names("\n\nxyz T a\n1 T\n1  \n1\n0x1 T a\n-1 T a\n"), IsEmpty());
  EXPECT_THAT(Names("nonsense\n1 T a\n"), ElementsAre("a"));
}

// Names of Rust, and what compilers append.
TEST(KallsymsTest, ANameIsWhateverStandsBeforeTheTab) {
  EXPECT_THAT(Names("1 t do_open.constprop.0\n2 t _R$a..b\t[rust_mod]\n"),
              ElementsAre("do_open.constprop.0", "_R$a..b"));
}

TEST(KallsymsTest, AModuleWithoutABracketIsNone) {
  const auto symbols = Symbols("1 t a\tb\n2 t a\t[b\n3 t a\t\n");
  ASSERT_THAT(symbols, SizeIs(3));
  EXPECT_EQ(symbols[0].object, kVmlinux);
  EXPECT_EQ(symbols[1].object, "b");
  EXPECT_EQ(symbols[2].object, kVmlinux);
}

TEST(KallsymsTest, EveryFirstPartOfALineIsSurvived) {
  const absl::string_view name = "ext4_open";
  const std::string head = "ffffffffc0a01000 t ";
  const std::string line = absl::StrCat(head, name, "\t[ext4]");
  for (size_t size = 0; size <= line.size(); size++) {
    const std::string part = line.substr(0, size);
    const auto symbols = Symbols(part);
    ASSERT_EQ(symbols.size(), size > head.size() ? 1u : 0u) << size;
    if (symbols.empty()) continue;
    EXPECT_EQ(symbols[0].name, name.substr(0, size - head.size()));
  }
}

}  // namespace
}  // namespace klpx
