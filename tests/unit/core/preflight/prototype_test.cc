// SPDX-License-Identifier: GPL-2.0
#include "controller/core/preflight/prototype.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

CType Int() { return {"int", "", "int4"}; }
CType Long() { return {"long", "", "int8"}; }
CType File() { return {"struct file *", "", "*struct file"}; }

Prototype OpenPrototype() {
  return {Int(), {{"file", File()}, {"flags", Int()}}, false};
}

class PrototypeTest : public testing::Test {
 protected:
  std::optional<std::string> Changed() { return Difference(old_, new_); }

  Prototype old_ = OpenPrototype();
  Prototype new_ = OpenPrototype();
};

TEST_F(PrototypeTest, IsWrittenAsInC) {
  EXPECT_EQ(Render(old_, "do_open"),
            "int do_open(struct file *file, int flags)");
  EXPECT_EQ(Render({File(), {}, false}, "f"), "struct file *f(void)");
  const CType handler = {"int (*", ")(void)", "*f"};
  EXPECT_EQ(Render({Int(), {{"run", handler}}, true}, "f"),
            "int f(int (*run)(void), ...)");
}

TEST_F(PrototypeTest, NamesOfArgumentsMayDiffer) {
  new_.parameters[0].name = "f";
  EXPECT_FALSE(Changed());
}

TEST_F(PrototypeTest, SeesAnAddedArgument) {
  new_.parameters.push_back({"mode", Int()});
  EXPECT_THAT(Changed(),
              Optional(HasSubstr("takes 3 arguments, the old one takes 2")));
}

TEST_F(PrototypeTest, SeesARemovedArgument) {
  new_.parameters.pop_back();
  EXPECT_THAT(Changed(), Optional(HasSubstr("takes 1 argument")));
}

TEST_F(PrototypeTest, SeesSwappedArguments) {
  std::swap(new_.parameters[0], new_.parameters[1]);
  EXPECT_THAT(Changed(),
              Optional(HasSubstr("argument 1 is 'int', was 'struct file *'")));
}

TEST_F(PrototypeTest, SeesAChangedType) {
  new_.parameters[1].type = Long();
  EXPECT_THAT(Changed(), Optional(HasSubstr("argument 2 is 'long'")));
}

TEST_F(PrototypeTest, SeesAChangedResult) {
  new_.result = {"void", "", "void"};
  EXPECT_THAT(Changed(), Optional(HasSubstr("it returns 'void'")));
}

TEST_F(PrototypeTest, SeesThatOnlyOneIsVariadic) {
  new_.variadic = true;
  EXPECT_TRUE(Changed().has_value());
}

TEST_F(PrototypeTest, AFindingShowsBothPrototypes) {
  new_.parameters.pop_back();
  PatchFile file;
  file.patch.emplace().functions = {{"vmlinux", "do_open", "new_open", 0}};
  Prototypes prototypes;
  prototypes.old_ones[{"vmlinux", "do_open"}] = old_;
  EXPECT_THAT(CheckPrototypes(file, prototypes), IsEmpty());
  prototypes.new_ones["new_open"] = new_;
  const Findings findings = CheckPrototypes(file, prototypes);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, FindingCode::kPrototypeDiffers);
  EXPECT_THAT(findings[0].found,
              HasSubstr("old: int do_open(struct file *file, int flags)"));
  EXPECT_THAT(findings[0].found,
              HasSubstr("new: int new_open(struct file *file)"));
}

}  // namespace
}  // namespace klpx
