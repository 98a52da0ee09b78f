// SPDX-License-Identifier: GPL-2.0
#include "controller/core/preflight/description_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

PatchFile FileWith(const std::string& object) {
  PatchFile file;
  file.module = "fix";
  file.engine = Engine::kKlpx;
  file.has_exit = true;
  file.patch.emplace();
  file.patch->objects = {{object, {}}};
  file.patch->functions = {{object, "f", "new_f", 0}};
  return file;
}

struct Name {
  const char* test;
  std::string object;
  const char* says;  // "" if nothing is wrong with it
};

class ObjectNameTest : public testing::TestWithParam<Name> {};

TEST_P(ObjectNameTest, IsJudgedAsByTheEngine) {
  const Findings findings = CheckDescription(FileWith(GetParam().object));
  if (GetParam().says[0] == '\0') {
    EXPECT_THAT(findings, IsEmpty());
    return;
  }
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kBadDescription);
  EXPECT_EQ(findings[0].object, GetParam().object);
  EXPECT_THAT(Sentence(findings[0]), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, ObjectNameTest,
    testing::Values(
        Name{"Vmlinux", "vmlinux", ""}, Name{"Plain", "bug_target", ""},
        Name{"Dash", "bug-target", "the module is 'bug_target'"},
        Name{"Comma", "bug,target", "the module is 'bug_target'"},
        Name{"File", "zfs.ko", "the module is 'zfs'"},
        Name{"Path", "extra/my-mod.ko.xz", "the module is 'my_mod'"},
        Name{"Empty", "", "no module is called that"},
        Name{"Long", std::string(56, 'a'), "no module is called that"},
        Name{"AlmostLong", std::string(55, 'a'), ""},
        Name{"Blank", "a b", "no module is called that"},
        Name{"States", "states", "a file of that name"},
        Name{"Enabled", "enabled", "a file of that name"},
        Name{"Klpx", "klpx", "cannot patch itself"},
        Name{"Itself", "fix", "names itself"}),
    [](const testing::TestParamInfo<Name>& info) {
      return std::string(info.param.test);
    });

// The kernel's engine accepts such a patch, and patches nothing.
TEST(DescriptionCheckTest, OnlyWarnsOfBadNamesForTheKernelsEngine) {
  PatchFile file = FileWith("zfs.ko");
  file.engine = Engine::kKernel;
  const Findings findings = CheckDescription(file);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kNeverPatched);
  file = FileWith("states");
  file.engine = Engine::kKernel;
  EXPECT_THAT(CheckDescription(file), IsEmpty());
}

TEST(DescriptionCheckTest, FindsDuplicates) {
  PatchFile file = FileWith("vmlinux");
  file.patch->functions.push_back({"vmlinux", "f", "other_f", 1});
  file.patch->objects.push_back({"vmlinux", {}});
  file.patch->states.resize(2);
  file.patch->states[0].id = file.patch->states[1].id = 7;
  const Findings findings = CheckDescription(file);
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_THAT(findings[0].found, HasSubstr("object 'vmlinux' is listed twice"));
  EXPECT_THAT(findings[1].found, HasSubstr("function 'f' is listed twice"));
  EXPECT_THAT(findings[2].found, HasSubstr("state 7 is listed twice"));
  EXPECT_FALSE(FirstFatal(findings).ok());
}

TEST(DescriptionCheckTest, TellsFunctionsOfTheSameNameApart) {
  PatchFile file = FileWith("vmlinux");
  file.patch->functions[0].sympos = 1;
  file.patch->functions.push_back({"vmlinux", "f", "other_f", 2});
  EXPECT_THAT(CheckDescription(file), IsEmpty());
}

TEST(DescriptionCheckTest, RefusesAModuleThatStaysUnlessItSaysSo) {
  PatchFile file = FileWith("vmlinux");
  file.has_exit = false;
  Findings findings = CheckDescription(file);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kNoExit);
  EXPECT_FALSE(FirstFatal(findings).ok());
  file.is_permanent = true;
  findings = CheckDescription(file);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kPermanent);
  EXPECT_TRUE(FirstFatal(findings).ok());
}

TEST(DescriptionCheckTest, AcceptsAModuleThatStaysForTheKernelsEngine) {
  PatchFile file = FileWith("vmlinux");
  file.engine = Engine::kKernel;
  file.has_exit = false;
  EXPECT_TRUE(FirstFatal(CheckDescription(file)).ok());
}

TEST(DescriptionCheckTest, RefusesAnOlderHeader) {
  PatchFile file;
  file.engine = Engine::kKlpx;
  file.has_exit = file.is_old_layout = true;
  const Findings findings = CheckDescription(file);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kEngineAbi);
}

// Its author had no way to say that this is meant.
TEST(NoExitTest, IsNoReasonToRefuseAnAdoptedPatch) {
  PatchFile file = FileWith("vmlinux");
  file.has_exit = false;
  ASSERT_EQ(CheckDescription(file).size(), 1u);
  EXPECT_EQ(CheckDescription(file)[0].code, FindingCode::kNoExit);
  file.adopted = true;
  ASSERT_EQ(CheckDescription(file).size(), 1u);
  EXPECT_EQ(CheckDescription(file)[0].code, FindingCode::kPermanent);
}

}  // namespace
}  // namespace klpx
