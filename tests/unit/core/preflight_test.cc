// SPDX-License-Identifier: GPL-2.0
#include "controller/core/preflight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/error.h"
#include "controller/core/holders.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A patch and a kernel that it fits.
class PreflightTest : public testing::Test {
 protected:
  PreflightTest() {
    file_.module = "fix";
    file_.vermagic = "6.12.1 SMP mod_unload ";
    file_.engine = Engine::kKlpx;
    file_.patch.emplace();
    file_.patch->objects = {{"vmlinux", {}}};
    file_.patch->functions = {{"vmlinux", "do_open", "new_open", 0}};
    facts_.symbols.emplace();
    for (const FunctionKey& key : WantedSymbols(file_)) {
      (*facts_.symbols)[key] = 1;
    }
    facts_.traceable = {kOpen};
  }

  absl::Status Functions() const {
    Findings findings = CheckFunctions(file_, facts_);
    Append(CheckHolders(file_, facts_), findings);
    return FirstFatal(findings);
  }

  absl::Status File(absl::string_view release) const {
    return FirstFatal(CheckFile(file_, release, facts_));
  }

  static PatchState Patching(const std::string& name, const FunctionKey& key) {
    PatchState patch;
    patch.name = name;
    patch.objects = {{key.first, true, {{key.second, "1"}}}};
    return patch;
  }

  // As on x86-64, do_open is only one of the names of its address.
  void WithAlias(const std::string& alias) {
    const FunctionKey other(kVmlinux, alias);
    facts_.places[kOpen].bodies = {{0x1000, 0x1100}};
    facts_.places[other].bodies = {{0x1000, 0x1100}};
    facts_.names_at[{"vmlinux", 0x1000}] = {"do_open", alias};
  }

  // The function is one of a module rather.
  void InModule() {
    file_.patch->objects = {{"ext4", {}}};
    file_.patch->functions[0].object = "ext4";
  }

  const FunctionKey kOpen{"vmlinux", "do_open"};
  const FunctionKey kExt4{"ext4", "do_open"};
  PatchFile file_;
  KernelFacts facts_;
};

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

TEST_F(PreflightTest, RefusesAReleaseThatOnlyBeginsAlike) {
  EXPECT_EQ(KindOf(File("6.12.10")), ErrorKind::kForeignKernel);
}

TEST_F(PreflightTest, RefusesModulesThatAreNoPatch) {
  file_.engine = Engine::kNone;
  EXPECT_EQ(KindOf(File("6.12.1")), ErrorKind::kNotAPatch);
}

TEST_F(PreflightTest, RefusesPatchesForAnEngineThatIsNotThere) {
  file_.engine = Engine::kKernel;
  EXPECT_TRUE(File("6.12.1").ok());
  facts_.has_engine = false;
  EXPECT_EQ(KindOf(File("6.12.1")), ErrorKind::kRefused);
}

TEST_F(PreflightTest, TheHolderOfTheOtherEngineKeepsFunctionsOfModulesToCome) {
  InModule();
  facts_.others = {Patching("vendor_fix", kExt4)};
  EXPECT_EQ(KindOf(FirstFatal(CheckHolders(file_, facts_))),
            ErrorKind::kFunctionOwned);
}

TEST_F(PreflightTest, PatchesOfTheKernelAreStackedOnTheirOwn) {
  file_.engine = Engine::kKernel;
  facts_.ftrace_users = {{kOpen, true, false, "klp_ftrace_handler"}};
  EXPECT_TRUE(FirstFatal(CheckHolders(file_, facts_)).ok());
  facts_.ftrace_users = {{kOpen, true, false, "klpx_handler [klpx]"}};
  EXPECT_FALSE(FirstFatal(CheckHolders(file_, facts_)).ok());
}

TEST_F(PreflightTest, NamesTheOptionsThatAreMissing) {
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

TEST_F(PreflightTest, AcceptsAnAmbiguityThatIsResolved) {
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

// The lists of ftrace name each address once, by one of its names.
TEST_F(PreflightTest, AcceptsAFunctionThatIsListedByItsOtherName) {
  WithAlias("other_open");
  facts_.traceable = {{"vmlinux", "other_open"}};
  EXPECT_TRUE(Functions().ok());
  facts_.ftrace_users = {
      {{"vmlinux", "other_open"}, true, false, "klp_ftrace_handler"}};
  const absl::Status status = Functions();
  EXPECT_EQ(KindOf(status), ErrorKind::kFunctionOwned);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("where it is called other_open"));
}

TEST_F(PreflightTest, SeesThePatchBelowByItsOtherName) {
  WithAlias("other_open");
  facts_.installed = {Patching("older", {"vmlinux", "other_open"})};
  const Findings findings = CheckHolders(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kStacked);
}

TEST_F(PreflightTest, TheOtherEngineKeepsAFunctionByItsOtherName) {
  WithAlias("other_open");
  facts_.others = {Patching("vendor_fix", {"vmlinux", "other_open"})};
  EXPECT_EQ(KindOf(Functions()), ErrorKind::kFunctionOwned);
}

TEST_F(PreflightTest, SeesAProbeByItsOtherName) {
  WithAlias("other_open");
  facts_.kprobes = {{{"vmlinux", "other_open"}, "kprobe", 4, true, 0x1004}};
  EXPECT_EQ(CheckHolders(file_, facts_).size(), 1u);
}

TEST_F(PreflightTest, RefusesTwoNamesOfOneFunction) {
  WithAlias("other_open");
  file_.patch->functions.push_back({"vmlinux", "other_open", "new_open2", 0});
  (*facts_.symbols)[{"vmlinux", "other_open"}] = 1;
  const absl::Status status = Functions();
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused);
  EXPECT_THAT(std::string(status.message()), HasSubstr("are one function"));
}

// Two functions of one name, of which the second is the one to be patched.
TEST_F(PreflightTest, TellsFunctionsOfOneNameApartByAddress) {
  facts_.places[kOpen].bodies = {{0x1000, 0x1100}, {0x2000, 0x2100}};
  (*facts_.symbols)[kOpen] = 2;
  file_.patch->functions[0].sympos = 2;
  facts_.sites = {0x1004};
  EXPECT_EQ(KindOf(Functions()), ErrorKind::kNotTraceable);
  facts_.sites = {0x1004, 0x2004};
  EXPECT_TRUE(Functions().ok());
  facts_.kprobes = {{kOpen, "kprobe", 4, true, 0x1004}};
  EXPECT_THAT(CheckHolders(file_, facts_), IsEmpty());
}

TEST_F(PreflightTest, DoesNotSayWhichFunctionOfAnAmbiguousNameIsOwned) {
  facts_.places[kOpen].bodies = {{0x1000, 0x1100}, {0x2000, 0x2100}};
  (*facts_.symbols)[kOpen] = 2;
  file_.patch->functions[0].sympos = 2;
  facts_.sites = {0x1004, 0x2004};
  facts_.ftrace_users = {{kOpen, true, false, "klp_ftrace_handler"}};
  const Findings findings = CheckHolders(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kPerhapsOwned);
  facts_.sites = {0x2004};  // the other one can have no user
  EXPECT_EQ(CheckHolders(file_, facts_)[0].code, FindingCode::kFunctionOwned);
}

TEST_F(PreflightTest, SuggestsCloseNames) {
  facts_.symbols->erase(kOpen);
  facts_.close_names[kOpen] = {"__x64_sys_open", "__do_sys_open"};
  EXPECT_THAT(std::string(Functions().message()),
              HasSubstr("there is __x64_sys_open, __do_sys_open; or it is"));
}

// docs/COEXISTENCE.md: who came to ftrace first is called last.
TEST_F(PreflightTest, SaysWhenAProbeCanBypassThePatch) {
  facts_.kprobes = {{kOpen, "kprobe", 0, true}};
  EXPECT_THAT(CheckHolders(file_, facts_)[0].advice,
              HasSubstr("is bypassed, for the probe was there first"));
  facts_.engine_loaded = true;
  EXPECT_THAT(CheckHolders(file_, facts_)[0].advice,
              HasSubstr("if the probe was there before klpx.ko"));
  facts_.kprobes = {{kOpen, "kretprobe", 0, true}};
  EXPECT_EQ(CheckHolders(file_, facts_)[0].advice, "");
}

TEST_F(PreflightTest, DoesNotSayThatABuilderPatchDoesNotReplace) {
  facts_.installed = {Patching("older", kOpen)};
  file_.patch->builder = "klp-build";
  EXPECT_THAT(CheckHolders(file_, facts_)[0].found,
              HasSubstr("is known when the patch is loaded"));
}

TEST_F(PreflightTest, EachSkippedCheckIsANote) {
  const Findings notes = NotesOn({{"kprobes", "no debugfs"}});
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].code, FindingCode::kNotChecked);
  EXPECT_EQ(notes[0].found, "not checked: kprobes: no debugfs");
}

TEST_F(PreflightTest, NamesTheOwnerOfAFunction) {
  facts_.ftrace_users = {{kOpen, true, false, "klp_ftrace_handler"}};
  const absl::Status status = Functions();
  EXPECT_EQ(KindOf(status), ErrorKind::kFunctionOwned);
  EXPECT_THAT(std::string(status.message()), HasSubstr("klp_ftrace_handler"));
}

TEST_F(PreflightTest, NamesTheLivepatchThatOwnsAFunction) {
  facts_.ftrace_users = {{kOpen, true, false, "klp_ftrace_handler"}};
  facts_.others = {Patching("vendor_fix", kOpen)};
  EXPECT_THAT(std::string(Functions().message()),
              HasSubstr("patch 'vendor_fix' of the"));
}

TEST_F(PreflightTest, AcceptsFunctionsThatAreOnlyTraced) {
  facts_.ftrace_users = {{kOpen, false, true, "bpf_trampoline_1"}};
  EXPECT_TRUE(Functions().ok());
}

TEST_F(PreflightTest, NamesTheRenamedCopiesOfAFunction) {
  facts_.symbols->erase(kOpen);
  facts_.places[kOpen].variants = {"do_open.isra.0"};
  EXPECT_THAT(std::string(Functions().message()),
              HasSubstr("but do_open.isra.0 is: the compiler has changed"));
}

TEST_F(PreflightTest, FindsAllThatIsWrong) {
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

TEST_F(PreflightTest, TellsAProbeAtTheEntryFromOneInTheBody) {
  facts_.kprobes = {{kOpen, "kprobe", 0, true}, {kOpen, "kprobe", 16, false}};
  const Findings findings = CheckHolders(file_, facts_);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].code, FindingCode::kProbed);
  EXPECT_EQ(findings[1].code, FindingCode::kProbeInside);
  EXPECT_THAT(findings[1].found, HasSubstr("+0x10"));
}

TEST_F(PreflightTest, NamesTheProbeThatRedirects) {
  facts_.ftrace_users = {{kOpen, true, false, "kprobe_ftrace_handler"}};
  facts_.kprobes = {{kOpen, "kprobe", 0, true}};
  const Findings findings = CheckHolders(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kFunctionOwned);
  EXPECT_THAT(findings[0].found, HasSubstr("a kprobe with a post_handler"));
}

TEST_F(PreflightTest, NotesADirectCaller) {
  facts_.ftrace_users = {{kOpen, false, true, "bpf_trampoline_1"}};
  const Findings findings = CheckHolders(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kDirectCaller);
}

TEST_F(PreflightTest, NotesThePatchBelow) {
  facts_.installed = {Patching("older", kOpen)};
  const Findings findings = CheckHolders(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kStacked);
  EXPECT_THAT(findings[0].found, HasSubstr("patch 'older'"));
}

TEST_F(PreflightTest, RefusesAFunctionOfAnotherSet) {
  PatchState other;
  other.name = "stream";
  other.objects = {{"ext4", false, {{"do_open", "1"}}}};
  other.replace_set = 2;
  facts_.installed = {other};
  InModule();  // which need not be loaded
  const Findings findings = CheckHolders(file_, facts_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kSetsOverlap);
  EXPECT_THAT(findings[0].found, HasSubstr("patch 'stream'"));
  file_.patch->replace_set = 2;
  EXPECT_EQ(CheckHolders(file_, facts_)[0].code, FindingCode::kStacked);
}

TEST_F(PreflightTest, AcceptsFunctionsThatAnotherPatchOfOursRedirects) {
  facts_.ftrace_users = {{kOpen, true, false, ""}};
  facts_.installed = {Patching("older", kOpen)};
  EXPECT_TRUE(Functions().ok());
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
              HasSubstr("'do_open' of module 'ext4' is not in the one"));
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
  EXPECT_THAT(NotesOn(file_, facts_),
              ElementsAre(Field(&Finding::found, HasSubstr("filled in when"))));
}

TEST_F(PreflightTest, LeavesWhatItCannotKnowToTheKernel) {
  facts_.symbols.reset();
  facts_.traceable.reset();
  EXPECT_TRUE(Functions().ok());
}

}  // namespace
}  // namespace klpx
