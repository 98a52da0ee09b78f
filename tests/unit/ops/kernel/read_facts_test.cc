// SPDX-License-Identifier: GPL-2.0
// What the running kernel says of a patch, and why where it says nothing.
#include "controller/ops/kernel/read_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "controller/core/patch/patch_file.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const FunctionKey kOpen = {"vmlinux", "do_open"};
const FunctionKey kClose = {"vmlinux", "do_close"};

class ReadFactsTest : public testing::Test, protected CommandTest {
 protected:
  KernelFacts Read() {
    return ReadFacts(kernel, ParsePatchFile(kernel.files[kFile]).value());
  }

  LoadingFacts Loading() {
    return ReadLoadingFacts(kernel,
                            ParsePatchFile(kernel.files[kFile]).value());
  }

  // Why something was not found out, of all.
  std::string Skipped() {
    std::string all;
    for (const SkippedCheck& skipped : Read().skipped) {
      all += skipped.what + ": " + skipped.why + "\n";
    }
    return all;
  }
};

TEST_F(ReadFactsTest, CountsTheSymbolsOfItsFunctions) {
  const KernelFacts facts = Read();
  ASSERT_TRUE(facts.symbols.has_value());
  EXPECT_EQ(facts.symbols->at(kOpen), 1);
  EXPECT_EQ(facts.symbols->at(kClose), 2);
  EXPECT_FALSE(facts.addresses_hidden);
  EXPECT_EQ(Skipped(), "");
}

TEST_F(ReadFactsTest, WithoutSymbolsNothingIsClaimedOfThem) {
  kernel.files["/proc/kallsyms"] = "";
  EXPECT_FALSE(Read().symbols.has_value());
  EXPECT_THAT(Skipped(), HasSubstr("/proc/kallsyms"));
}

TEST_F(ReadFactsTest, AddressesThatAreHiddenAreSaidToBe) {
  kernel.files["/proc/kallsyms"] =
      "0000000000000000 T do_open\n0000000000000000 T do_close\n";
  EXPECT_TRUE(Read().addresses_hidden);
  EXPECT_THAT(Skipped(), HasSubstr("kptr_restrict"));
}

TEST_F(ReadFactsTest, KnowsWhatFtraceCanRedirect) {
  kernel.files["/sys/kernel/tracing/available_filter_functions"] = "do_open\n";
  const KernelFacts facts = Read();
  ASSERT_TRUE(facts.traceable.has_value());
  EXPECT_TRUE(facts.traceable->contains(kOpen));
  EXPECT_FALSE(facts.traceable->contains(kClose));
  EXPECT_FALSE(facts.sites.has_value());
}

TEST_F(ReadFactsTest, TakesTheListWithAddressesWhereThereIsOne) {
  kernel.files["/sys/kernel/tracing/available_filter_functions_addrs"] =
      "ffffffff81000100 do_open\n";
  const KernelFacts facts = Read();
  ASSERT_TRUE(facts.sites.has_value());
  EXPECT_THAT(*facts.sites, ElementsAre(0xffffffff81000100));
}

TEST_F(ReadFactsTest, FindsTracefsBelowDebugfsToo) {
  constexpr char kList[] = "available_filter_functions";
  kernel.files.erase(std::string("/sys/kernel/tracing/") + kList);
  kernel.files[std::string("/sys/kernel/debug/tracing/") + kList] = "do_open\n";
  EXPECT_TRUE(Read().traceable.has_value());
}

TEST_F(ReadFactsTest, WithoutTracefsNothingIsKnownOfFtrace) {
  kernel.files.erase("/sys/kernel/tracing/available_filter_functions");
  EXPECT_FALSE(Read().traceable.has_value());
  EXPECT_THAT(Skipped(), HasSubstr("tracefs"));
}

TEST_F(ReadFactsTest, AListThatMayNotBeReadIsNotAnEmptyOne) {
  kernel.read_errno["/sys/kernel/debug/kprobes/list"] = EACCES;
  EXPECT_THAT(Skipped(), HasSubstr("kprobes"));
}

TEST_F(ReadFactsTest, TellsPatchesOfItsEngineFromOthers) {
  kernel.AddPatch("ours");
  kernel.AddPatch("theirs", Engine::kKernel);
  const KernelFacts facts = Read();
  ASSERT_THAT(facts.installed, SizeIs(1));
  EXPECT_EQ(facts.installed[0].name, "ours");
  ASSERT_THAT(facts.others, SizeIs(1));
  EXPECT_EQ(facts.others[0].name, "theirs");
  EXPECT_TRUE(facts.engine_loaded);
}

TEST_F(ReadFactsTest, TheKernelsOwnEngineHasToBeThere) {
  kernel.files[kFile] = ReadTestFile(TEST_MODULE_KERNEL);
  EXPECT_FALSE(Read().has_engine);
  kernel.files["/sys/kernel/livepatch"] = "";
  EXPECT_TRUE(Read().has_engine);
}

TEST_F(ReadFactsTest, SuggestsNamesForWhatIsNotThere) {
  kernel.files["/proc/kallsyms"] =
      "ffffffff81000100 T do_opens\nffffffff81000200 T do_close\n";
  const KernelFacts facts = Read();
  ASSERT_TRUE(facts.symbols.has_value());
  EXPECT_FALSE(facts.symbols->contains(kOpen));
  EXPECT_TRUE(facts.close_names.contains(kOpen));
}

TEST_F(ReadFactsTest, KnowsWhatAsksForASignature) {
  EXPECT_EQ(Read().signature_required_by, "");
  kernel.files["/sys/kernel/security/lockdown"] =
      "[none] integrity confidentiality\n";
  EXPECT_EQ(Read().signature_required_by, "");
  kernel.files["/sys/kernel/security/lockdown"] =
      "none [integrity] confidentiality\n";
  EXPECT_THAT(Read().signature_required_by, HasSubstr("integrity"));
  kernel.files["/sys/module/module/parameters/sig_enforce"] = "Y\n";
  EXPECT_THAT(Read().signature_required_by, HasSubstr("sig_enforce"));
}

TEST_F(ReadFactsTest, KnowsWhetherModulesCanBeLoadedAtAll) {
  EXPECT_FALSE(Loading().modules_disabled);
  EXPECT_FALSE(Loading().may_load.has_value());
  kernel.files["/proc/sys/kernel/modules_disabled"] = "1\n";
  kernel.files["/proc/self/status"] = "CapEff:\t0000000000000000\n";
  EXPECT_TRUE(Loading().modules_disabled);
  EXPECT_EQ(Loading().may_load, false);
  kernel.files["/proc/self/status"] = "CapEff:\t000001ffffffffff\n";
  EXPECT_EQ(Loading().may_load, true);
}

TEST_F(ReadFactsTest, WithoutSymbolsNoneIsSaidToBeMissing) {
  kernel.files.erase("/proc/kallsyms");
  EXPECT_THAT(Loading().missing_symbols, IsEmpty());
}

// It calls functions of that engine, and is stacked on the patches of klpx.
TEST_F(ReadFactsTest, AnAdoptedPatchNeedsTheKernelsEngineToo) {
  PatchFile file = ParsePatchFile(kernel.files[kFile]).value();
  file.adopted = true;
  EXPECT_FALSE(ReadFacts(kernel, file).has_engine);
  kernel.files["/sys/kernel/livepatch"] = "";
  kernel.AddPatch("ours");
  kernel.AddPatch("theirs", Engine::kKernel);
  const KernelFacts facts = ReadFacts(kernel, file);
  EXPECT_TRUE(facts.has_engine);
  ASSERT_THAT(facts.installed, SizeIs(1));
  EXPECT_EQ(facts.installed[0].name, "ours");
  ASSERT_THAT(facts.others, SizeIs(1));
  EXPECT_EQ(facts.others[0].name, "theirs");
}

}  // namespace
}  // namespace klpx
