// SPDX-License-Identifier: GPL-2.0
#include "controller/core/preflight/preflight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/core/preflight/preflight_facts.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using PreflightTest = PreflightFacts;

TEST_F(PreflightTest, AcceptsAPatchThatFits) {
  EXPECT_TRUE(File("6.12.1").ok());
  EXPECT_TRUE(FirstFatal(CheckKernel(facts_)).ok());
  EXPECT_TRUE(Functions().ok());
}

TEST_F(PreflightTest, RefusesForeignVermagic) {
  const absl::Status status = File("6.12.2");
  EXPECT_EQ(KindOf(status), ErrorKind::kForeignKernel);
  EXPECT_THAT(std::string(status.message()), HasSubstr("built for 6.12.1"));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("this kernel is 6.12.2"));
}

TEST_F(PreflightTest, RefusesAReleaseThatIsOnlyAPrefix) {
  EXPECT_EQ(KindOf(File("6.12.10")), ErrorKind::kForeignKernel);
}

TEST_F(PreflightTest, RefusesModulesThatAreNotPatches) {
  file_.engine = Engine::kNone;
  EXPECT_EQ(KindOf(File("6.12.1")), ErrorKind::kNotAPatch);
}

TEST_F(PreflightTest, RefusesPatchesForAMissingEngine) {
  file_.engine = Engine::kKernel;
  EXPECT_TRUE(File("6.12.1").ok());
  facts_.has_engine = false;
  EXPECT_EQ(KindOf(File("6.12.1")), ErrorKind::kRefused);
}

TEST_F(PreflightTest, NamesTheMissingOptions) {
  facts_.symbols->erase({"vmlinux", "register_kprobe"});
  facts_.symbols->erase({"vmlinux", "__x64_sys_bpf"});
  const absl::Status status = FirstFatal(CheckKernel(facts_));
  EXPECT_EQ(KindOf(status), ErrorKind::kKernelLacks);
  EXPECT_THAT(status.message(),
              HasSubstr("CONFIG_KPROBES, CONFIG_BPF_SYSCALL;"));
}

TEST_F(PreflightTest, RefusesAKernelWithoutKallsyms) {
  facts_.symbols.reset();
  EXPECT_EQ(KindOf(FirstFatal(CheckKernel(facts_))), ErrorKind::kKernelLacks);
}

TEST_F(PreflightTest, RefusesUnknownFunctions) {
  facts_.symbols->erase(kOpen);
  const absl::Status status = Functions();
  EXPECT_EQ(KindOf(status), ErrorKind::kUnknownFunction);
  EXPECT_THAT(std::string(status.message()), HasSubstr("'do_open'"));
}

TEST_F(PreflightTest, RefusesAmbiguousFunctions) {
  (*facts_.symbols)[kOpen] = 3;
  const absl::Status status = Functions();
  EXPECT_EQ(KindOf(status), ErrorKind::kAmbiguousFunction);
  EXPECT_THAT(std::string(status.message()), HasSubstr(".old_sympos to 1..3"));
}

TEST_F(PreflightTest, AcceptsAResolvedAmbiguity) {
  (*facts_.symbols)[kOpen] = 3;
  file_.patch->functions[0].sympos = 3;
  EXPECT_TRUE(Functions().ok());
}

TEST_F(PreflightTest, RefusesAPositionBeyondTheLast) {
  (*facts_.symbols)[kOpen] = 3;
  file_.patch->functions[0].sympos = 4;
  EXPECT_EQ(KindOf(Functions()), ErrorKind::kUnknownFunction);
}

TEST_F(PreflightTest, RefusesFunctionsThatCannotBeTraced) {
  facts_.traceable = FunctionSet();
  EXPECT_EQ(KindOf(Functions()), ErrorKind::kNotTraceable);
}

TEST_F(PreflightTest, RefusesTwoNamesOfOneFunction) {
  WithAlias("other_open");
  file_.patch->functions.push_back({"vmlinux", "other_open", "new_open2", 0});
  (*facts_.symbols)[{"vmlinux", "other_open"}] = 1;
  const absl::Status status = Functions();
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused);
  EXPECT_THAT(std::string(status.message()), HasSubstr("are one function"));
}

TEST_F(PreflightTest, SuggestsSimilarNames) {
  facts_.symbols->erase(kOpen);
  facts_.close_names[kOpen] = {"__x64_sys_open", "__do_sys_open"};
  EXPECT_THAT(
      std::string(Functions().message()),
      HasSubstr("similar names: __x64_sys_open, __do_sys_open; or it is"));
}

TEST_F(PreflightTest, EachSkippedCheckIsANote) {
  const Findings notes = NotesOn({{"kprobes", "no debugfs"}});
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].code, FindingCode::kNotChecked);
  EXPECT_EQ(notes[0].found, "not checked: kprobes: no debugfs");
}

TEST_F(PreflightTest, NamesTheRenamedCopiesOfAFunction) {
  facts_.symbols->erase(kOpen);
  facts_.places[kOpen].variants = {"do_open.isra.0"};
  EXPECT_THAT(std::string(Functions().message()),
              HasSubstr("but do_open.isra.0 is: the compiler has changed"));
}

TEST_F(PreflightTest, FindsEveryFault) {
  file_.patch->functions.push_back({"vmlinux", "do_read", "new_read", 0});
  facts_.symbols->erase(kOpen);
  const Findings findings = CheckFunctions(file_, facts_);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].function, "do_open");
  EXPECT_EQ(findings[1].function, "do_read");
}

TEST_F(PreflightTest, RefusesUnsignedPatchesWhereSignaturesAreRequired) {
  EXPECT_THAT(CheckSignature(file_, facts_), IsEmpty());
  facts_.signature_required_by = "module.sig_enforce";
  const absl::Status status = FirstFatal(CheckSignature(file_, facts_));
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused);
  EXPECT_THAT(std::string(status.message()), HasSubstr("module.sig_enforce"));
  file_.is_signed = true;
  EXPECT_THAT(CheckSignature(file_, facts_), IsEmpty());
}

TEST_F(PreflightTest, LeavesFunctionsOfModulesThatAreNotLoaded) {
  InModule();
  EXPECT_TRUE(Functions().ok());
  EXPECT_THAT(NotesOn(file_, facts_),
              ElementsAre(Field(&Finding::found,
                                HasSubstr("module 'ext4' is not loaded"))));
}

TEST_F(PreflightTest, AcceptsFunctionsOfModulesThatAreLoaded) {
  InModule();
  facts_.modules = {"ext4"};
  (*facts_.symbols)[kExt4] = 1;
  facts_.traceable = {kExt4};
  EXPECT_TRUE(Functions().ok());
  EXPECT_THAT(NotesOn(file_, facts_), IsEmpty());
}

TEST_F(PreflightTest, RefusesUnknownFunctionsOfModules) {
  InModule();
  facts_.modules = {"ext4"};
  const absl::Status status = Functions();
  EXPECT_EQ(KindOf(status), ErrorKind::kUnknownFunction);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("'do_open' of module 'ext4' is not in the loaded"));
}

TEST_F(PreflightTest, RefusesAmbiguousFunctionsOfModules) {
  InModule();
  facts_.modules = {"ext4"};
  (*facts_.symbols)[kExt4] = 2;
  EXPECT_EQ(KindOf(Functions()), ErrorKind::kAmbiguousFunction);
}

TEST_F(PreflightTest, RefusesFunctionsOfModulesThatCannotBeTraced) {
  InModule();
  facts_.modules = {"ext4"};
  (*facts_.symbols)[kExt4] = 1;
  EXPECT_EQ(KindOf(Functions()), ErrorKind::kNotTraceable);
}

TEST_F(PreflightTest, NotesThatNothingCouldBeChecked) {
  file_.patch.reset();
  EXPECT_TRUE(Functions().ok());
  EXPECT_THAT(
      NotesOn(file_, facts_),
      ElementsAre(Field(&Finding::found, HasSubstr("filled in only when"))));
}

TEST_F(PreflightTest, LeavesWhatItCannotKnowToTheKernel) {
  facts_.symbols.reset();
  facts_.traceable.reset();
  EXPECT_TRUE(Functions().ok());
}

}  // namespace
}  // namespace klpx
