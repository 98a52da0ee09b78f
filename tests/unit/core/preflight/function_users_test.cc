// SPDX-License-Identifier: GPL-2.0
#include "controller/core/preflight/function_users.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/core/preflight/preflight_facts.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

using FunctionUsersTest = PreflightFacts;

TEST_F(FunctionUsersTest,
       TheOtherEngineKeepsFunctionsOfModulesThatAreNotLoadedYet) {
  InModule();
  facts_.others = {Patching("vendor_fix", kExt4)};
  EXPECT_EQ(KindOf(FirstFatal(CheckFunctionUsers(file_, facts_))),
            ErrorKind::kFunctionOwned);
}

TEST_F(FunctionUsersTest, PatchesOfTheKernelsEngineStackOnEachOther) {
  file_.engine = Engine::kKernel;
  facts_.ftrace_users = {{kOpen, true, false, "klp_ftrace_handler"}};
  EXPECT_TRUE(FirstFatal(CheckFunctionUsers(file_, facts_)).ok());
  facts_.ftrace_users = {{kOpen, true, false, "klpx_handler [klpx]"}};
  EXPECT_FALSE(FirstFatal(CheckFunctionUsers(file_, facts_)).ok());
}

// The lists of ftrace show each address once, by one of its names.
TEST_F(FunctionUsersTest, AcceptsAFunctionThatIsListedByItsOtherName) {
  WithAlias("other_open");
  const FunctionKey kOther("vmlinux", "other_open");
  facts_.traceable = FunctionSet{kOther};
  EXPECT_TRUE(Functions().ok());
  facts_.ftrace_users = {
      {{"vmlinux", "other_open"}, true, false, "klp_ftrace_handler"}};
  const absl::Status status = Functions();
  EXPECT_EQ(KindOf(status), ErrorKind::kFunctionOwned);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("where it is called other_open"));
}

TEST_F(FunctionUsersTest, SeesThePatchBelowByItsOtherName) {
  WithAlias("other_open");
  facts_.installed = {Patching("older", {"vmlinux", "other_open"})};
  const Findings findings = CheckFunctionUsers(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kStacked);
}

TEST_F(FunctionUsersTest, TheOtherEngineKeepsAFunctionByItsOtherName) {
  WithAlias("other_open");
  facts_.others = {Patching("vendor_fix", {"vmlinux", "other_open"})};
  EXPECT_EQ(KindOf(Functions()), ErrorKind::kFunctionOwned);
}

TEST_F(FunctionUsersTest, SeesAProbeByItsOtherName) {
  WithAlias("other_open");
  facts_.kprobes = {{{"vmlinux", "other_open"}, "kprobe", 4, true, 0x1004}};
  EXPECT_EQ(CheckFunctionUsers(file_, facts_).size(), 1u);
}

// Two functions have the same name; the second one is to be patched.
TEST_F(FunctionUsersTest, TellsFunctionsOfTheSameNameApartByAddress) {
  facts_.places[kOpen].bodies = {{0x1000, 0x1100}, {0x2000, 0x2100}};
  (*facts_.symbols)[kOpen] = 2;
  file_.patch->functions[0].sympos = 2;
  facts_.sites = {0x1004};
  EXPECT_EQ(KindOf(Functions()), ErrorKind::kNotTraceable);
  facts_.sites = {0x1004, 0x2004};
  EXPECT_TRUE(Functions().ok());
  facts_.kprobes = {{kOpen, "kprobe", 4, true, 0x1004}};
  EXPECT_THAT(CheckFunctionUsers(file_, facts_), IsEmpty());
}

TEST_F(FunctionUsersTest, DoesNotSayWhichFunctionOfAnAmbiguousNameIsOwned) {
  facts_.places[kOpen].bodies = {{0x1000, 0x1100}, {0x2000, 0x2100}};
  (*facts_.symbols)[kOpen] = 2;
  file_.patch->functions[0].sympos = 2;
  facts_.sites = {0x1004, 0x2004};
  facts_.ftrace_users = {{kOpen, true, false, "klp_ftrace_handler"}};
  const Findings findings = CheckFunctionUsers(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kPerhapsOwned);
  facts_.sites = {0x2004};  // so the other one can have no user
  EXPECT_EQ(CheckFunctionUsers(file_, facts_)[0].code,
            FindingCode::kFunctionOwned);
}

// ftrace calls the user that registered first last (docs/COEXISTENCE.md).
TEST_F(FunctionUsersTest, SaysWhenAProbeCanBypassThePatch) {
  facts_.kprobes = {{kOpen, "kprobe", 0, true}};
  EXPECT_THAT(CheckFunctionUsers(file_, facts_)[0].advice,
              HasSubstr("is bypassed, because the probe was registered first"));
  facts_.engine_loaded = true;
  EXPECT_THAT(CheckFunctionUsers(file_, facts_)[0].advice,
              HasSubstr("unless klpx.ko was loaded before the probe"));
  facts_.kprobes = {{kOpen, "kretprobe", 0, true}};
  EXPECT_EQ(CheckFunctionUsers(file_, facts_)[0].advice, "");
}

TEST_F(FunctionUsersTest, DoesNotClaimThatABuilderPatchReplacesNothing) {
  facts_.installed = {Patching("older", kOpen)};
  file_.patch->builder = "klp-build";
  EXPECT_THAT(CheckFunctionUsers(file_, facts_)[0].found,
              HasSubstr("is known only once it is loaded"));
}

TEST_F(FunctionUsersTest, NamesTheOwnerOfAFunction) {
  facts_.ftrace_users = {{kOpen, true, false, "klp_ftrace_handler"}};
  const absl::Status status = Functions();
  EXPECT_EQ(KindOf(status), ErrorKind::kFunctionOwned);
  EXPECT_THAT(std::string(status.message()), HasSubstr("klp_ftrace_handler"));
}

TEST_F(FunctionUsersTest, NamesTheLivepatchThatOwnsAFunction) {
  facts_.ftrace_users = {{kOpen, true, false, "klp_ftrace_handler"}};
  facts_.others = {Patching("vendor_fix", kOpen)};
  EXPECT_THAT(std::string(Functions().message()),
              HasSubstr("patch 'vendor_fix' of the"));
}

TEST_F(FunctionUsersTest, AcceptsFunctionsThatAreOnlyTraced) {
  facts_.ftrace_users = {{kOpen, false, true, "bpf_trampoline_1"}};
  EXPECT_TRUE(Functions().ok());
}

TEST_F(FunctionUsersTest, TellsAProbeAtTheEntryFromOneInTheBody) {
  facts_.kprobes = {{kOpen, "kprobe", 0, true}, {kOpen, "kprobe", 16, false}};
  const Findings findings = CheckFunctionUsers(file_, facts_);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].code, FindingCode::kProbed);
  EXPECT_EQ(findings[1].code, FindingCode::kProbeInside);
  EXPECT_THAT(findings[1].found, HasSubstr("+0x10"));
}

TEST_F(FunctionUsersTest, NamesTheProbeThatRedirects) {
  facts_.ftrace_users = {{kOpen, true, false, "kprobe_ftrace_handler"}};
  facts_.kprobes = {{kOpen, "kprobe", 0, true}};
  const Findings findings = CheckFunctionUsers(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kFunctionOwned);
  EXPECT_THAT(findings[0].found, HasSubstr("a kprobe with a post_handler"));
}

TEST_F(FunctionUsersTest, NotesADirectCaller) {
  facts_.ftrace_users = {{kOpen, false, true, "bpf_trampoline_1"}};
  const Findings findings = CheckFunctionUsers(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kDirectCaller);
}

TEST_F(FunctionUsersTest, NotesThePatchBelow) {
  facts_.installed = {Patching("older", kOpen)};
  const Findings findings = CheckFunctionUsers(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kStacked);
  EXPECT_THAT(findings[0].found, HasSubstr("patch 'older'"));
}

TEST_F(FunctionUsersTest, RefusesAFunctionOfAnotherSet) {
  PatchState other;
  other.name = "stream";
  other.objects = {{"ext4", false, {{"do_open", "1"}}}};
  other.replace_set = 2;
  facts_.installed = {other};
  InModule();  // which need not be loaded
  const Findings findings = CheckFunctionUsers(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kSetsOverlap);
  EXPECT_THAT(findings[0].found, HasSubstr("patch 'stream'"));
  file_.patch->replace_set = 2;
  EXPECT_EQ(CheckFunctionUsers(file_, facts_)[0].code, FindingCode::kStacked);
}

TEST_F(FunctionUsersTest, AcceptsFunctionsThatAnotherKlpxPatchRedirects) {
  facts_.ftrace_users = {{kOpen, true, false, ""}};
  facts_.installed = {Patching("older", kOpen)};
  EXPECT_TRUE(Functions().ok());
}

}  // namespace
}  // namespace klpx
