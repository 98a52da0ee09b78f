// SPDX-License-Identifier: GPL-2.0
#include "controller/core/preflight/dependencies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/abi.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kKallsyms[] =
    "ffffffff81000000 T _printk\n"
    "ffffffffc0000000 d bugt_service\t[bug_target]\n";

TEST(MissingSymbolsTest, NamesSymbolsThatTheKernelLacks) {
  PatchFile file;
  file.imports = {"_printk", "bugt_service", "bugt_other", KLPX_ENABLE_SYMBOL};
  EXPECT_THAT(MissingSymbols(kKallsyms, file), ElementsAre("bugt_other"));
}

TEST(CheckLoadingTest, NamesTheModuleToLoadFirst) {
  LoadingFacts facts;
  facts.absent_modules = {"bug_target"};
  EXPECT_THAT(CheckLoading(facts), IsEmpty());  // all its symbols are there
  facts.missing_symbols = {"bugt_service"};
  const Findings findings = CheckLoading(facts);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].code, FindingCode::kMissingModule);
  EXPECT_THAT(findings[0].found, HasSubstr("'bugt_service'"));
  EXPECT_THAT(findings[0].advice, HasSubstr("modprobe bug_target"));
}

TEST(CheckLoadingTest, DoesNotBlameALoadedModule) {
  LoadingFacts facts;
  facts.missing_symbols = {"gone"};
  EXPECT_EQ(CheckLoading(facts)[0].code, FindingCode::kUnknownSymbol);
}

TEST(CheckLoadingTest, SaysThatNoModuleCanBeLoaded) {
  LoadingFacts facts;
  facts.modules_disabled = true;
  EXPECT_THAT(WhyNotLoadable(facts), HasSubstr("kernel.modules_disabled"));
  facts.modules_disabled = false;
  facts.may_load = false;
  EXPECT_THAT(WhyNotLoadable(facts), HasSubstr("CAP_SYS_MODULE"));
  facts.may_load = true;
  EXPECT_EQ(WhyNotLoadable(facts), "");
}

TEST(MayLoadModulesTest, ReadsTheEffectiveCapabilities) {
  EXPECT_EQ(MayLoadModules("Name:\tx\nCapEff:\t000001ffffffffff\n"), true);
  EXPECT_EQ(MayLoadModules("CapEff:\t000001fffffeffff\n"), false);
  EXPECT_EQ(MayLoadModules("Name:\tx\n"), std::nullopt);
}

}  // namespace
}  // namespace klpx
