// SPDX-License-Identifier: GPL-2.0
// The tables of objects and functions, and all that can be wrong with them.
#include "controller/core/patch/patch_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "controller/core/base/error.h"
#include "controller/core/patch/patch_file.h"
#include "tests/unit/core/patch/hostile_files.h"
#include "tests/unit/data/test_files.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PatchTablesFaultTest : public testing::TestWithParam<Fault> {};

TEST_P(PatchTablesFaultTest, IsRefused) { ExpectRefused(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, PatchTablesFaultTest,
    testing::Values(
        Fault{"functions_without_end", "functions of object 'vmlinux' do not"},
        Fault{"functions_in_thousands",
              "object 'vmlinux' has more than 16384 functions"},
        Fault{"functions_shared", "more functions than the file has room for"},
        Fault{"function_without_name", "function 1 of object 'vmlinux' has no"},
        Fault{"function_with_odd_name", "a name that is not a symbol"},
        Fault{"function_name_outside", "a name that is not a symbol"},
        Fault{"objects_without_end", "the objects do not end"},
        Fault{"objects_in_thousands", "more than 4096 objects"},
        Fault{"object_without_functions", "object 'other' has no functions"},
        Fault{"object_functions_outside", "functions of object 'other' do not"},
        Fault{"object_functions_are_code", "object 'other' has no functions"},
        Fault{"replacement_in_init", "of 'do_open' is in .init.text"},
        Fault{"replacement_in_middle", "of 'do_open' points into a function"},
        Fault{"replacement_is_data", "of 'do_open' is not code"},
        Fault{"replacement_elsewhere", "of 'do_open' is not a function of"},
        Fault{"replacement_missing", "of 'do_open' is missing"},
        Fault{"first_function_odd", "a name that is not a symbol"},
        Fault{"functions_in_init", "functions of object 'vmlinux' is in .init"},
        Fault{"objects_in_init", "the array of objects is in .init.data"},
        Fault{"patch_in_init", "it is in .init.data, which is freed once"},
        Fault{"callback_in_init", "of object 'vmlinux' is in .init.text"},
        Fault{"callback_is_data", "of object 'vmlinux' is not a function"},
        Fault{"object_named_vmlinux", "object 0 is named 'vmlinux'"}),
    [](const testing::TestParamInfo<Fault>& info) {
      return std::string(info.param.name);
    });

TEST(PatchTablesTest, TheSameWithoutAFaultIsRead) {
  const auto file = ParsePatchFile(ReadHostile("nothing"));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->patch.has_value());
  EXPECT_EQ(file->patch->functions.size(), 1u);
  // One of them has its empty array in .bss.
  EXPECT_EQ(file->patch->objects.size(), 2u);
}

// As the engine takes it.
TEST(PatchTablesTest, AsManyAsThereMayBeAreRead) {
  const auto functions = ParsePatchFile(ReadHostile("functions_at_most"));
  ASSERT_TRUE(functions.ok()) << functions.status();
  EXPECT_EQ(functions->patch->functions.size(), kMaxFunctions);
  const auto objects = ParsePatchFile(ReadHostile("objects_at_most"));
  ASSERT_TRUE(objects.ok()) << objects.status();
  EXPECT_EQ(objects->patch->objects.size(), kMaxObjects);
}

// The engine counts the functions of each object.
TEST(PatchTablesTest, EachObjectMayHaveAsManyFunctions) {
  const auto file = ParsePatchFile(ReadHostile("functions_of_two"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->patch->functions.size(), 2 * kMaxFunctions);
}

TEST(PatchTablesTest, CountsPerObjectAndByTheFile) {
  const auto elf = ElfImage::Parse(ReadTestFile(TEST_MODULE_KLPX));
  ASSERT_TRUE(elf.ok()) << elf.status();
  const size_t room = elf->size() / KLPX_FUNC_SIZE;
  EXPECT_TRUE(CheckCount(*elf, "t", "ext4", kMaxFunctions, room).ok());
  EXPECT_FALSE(CheckCount(*elf, "t", "ext4", kMaxFunctions + 1, room).ok());
  EXPECT_FALSE(CheckCount(*elf, "t", "ext4", 1, room + 1).ok());
}

// One odd detail does not make of a description what is filled in later.
TEST(PatchTablesTest, AnObjectNamedByItsFileIsRead) {
  const auto file = ParsePatchFile(ReadHostile("object_of_file"));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->patch.has_value());
  ASSERT_EQ(file->patch->objects.size(), 1u);
  EXPECT_EQ(file->patch->objects[0].name, "bug-target");
  EXPECT_EQ(file->patch->functions.size(), 1u);
}

// data/module.c: a patch of two objects.
class PatchTablesOfModuleTest : public testing::Test {
 protected:
  PatchTablesOfModuleTest()
      : elf_(*ElfImage::Parse(ReadTestFile(TEST_MODULE_KLPX))),
        layout_(KlpxLayout()),
        place_(FindPatches(elf_, layout_).at(0)),
        objects_(*DataBehind(elf_, At(place_, layout_.patch_objs))) {}

  // The object of this number.
  ElfAddress Object(size_t index) const {
    return At(objects_, index * layout_.object_size);
  }
  // The first function of an object.
  ElfAddress Function(ElfAddress object) const {
    return *DataBehind(elf_, At(object, layout_.object_funcs));
  }
  ElfAddress Callbacks(ElfAddress object) const {
    return At(object, layout_.object_callbacks);
  }

  ElfImage elf_;
  TableLayout layout_;
  ElfAddress place_;
  ElfAddress objects_;
};

TEST(PatchTablesTest, AnAddressStaysInItsSection) {
  const ElfAddress at = At({7, 16}, 8);
  EXPECT_EQ(at.section, 7u);
  EXPECT_EQ(at.offset, 24u);
}

// Other structures begin with the module too.
TEST_F(PatchTablesOfModuleTest, OnePatchIsFoundAndNoDecoy) {
  EXPECT_GT(elf_.PlacesOf("__this_module").size(), 1u);
  EXPECT_THAT(FindPatches(elf_, layout_), SizeIs(1));
}

TEST_F(PatchTablesOfModuleTest, ReadsObjectsAndFunctionsInTheirOrder) {
  PatchDescription patch;
  ASSERT_TRUE(ReadTables(elf_, layout_, place_, patch).ok());
  ASSERT_THAT(patch.objects, SizeIs(2));
  EXPECT_EQ(patch.objects[0].name, "vmlinux");
  EXPECT_EQ(patch.objects[1].name, "other");
  ASSERT_THAT(patch.functions, SizeIs(3));
  EXPECT_EQ(patch.functions[0].name, "do_open");
  EXPECT_EQ(patch.functions[1].name, "do_close");
  EXPECT_EQ(patch.functions[1].replacement, "new_close");
  EXPECT_EQ(patch.functions[1].sympos, 2u);
  EXPECT_EQ(patch.functions[2].object, "other");
}

TEST_F(PatchTablesOfModuleTest, APlaceWithoutAPointerHasNoObjects) {
  PatchDescription patch;
  const absl::Status status = ReadTables(elf_, layout_, At(place_, 1), patch);
  EXPECT_EQ(KindOf(status), ErrorKind::kNotAPatch);
  EXPECT_THAT(patch.objects, IsEmpty());
}

// As of a kernel whose structures are larger than the file says.
TEST_F(PatchTablesOfModuleTest, AnotherLayoutIsAnErrorAndNoDescription) {
  TableLayout layout = layout_;
  layout.type = "struct klp_patch";
  layout.object_funcs = layout_.object_callbacks;
  PatchDescription patch;
  const absl::Status status = ReadTables(elf_, layout, place_, patch);
  EXPECT_TRUE(!status.ok() || patch.functions.empty());
  layout = layout_;
  layout.object_size = uint64_t{1} << 40;
  EXPECT_EQ(KindOf(ReadTables(elf_, layout, place_, patch)),
            ErrorKind::kNotAPatch);
}

TEST_F(PatchTablesOfModuleTest, NamesAreBehindPointersOnly) {
  EXPECT_EQ(NameBehind(elf_, Function(Object(0))), "do_open");
  EXPECT_EQ(NameBehind(elf_, At(Function(Object(0)), layout_.func_new)),
            std::nullopt)
      << "code is no name";
  EXPECT_EQ(NameBehind(elf_, At(Function(Object(0)), layout_.func_sympos)),
            std::nullopt);
  EXPECT_EQ(ObjectNameBehind(elf_, Object(1)), "other");
  EXPECT_EQ(ObjectNameBehind(elf_, Object(0)), std::nullopt) << "the kernel";
}

TEST_F(PatchTablesOfModuleTest, CodeHasTheNameOfItsFunction) {
  const ElfAddress function = Function(Object(0));
  EXPECT_EQ(CodeBehind(elf_, At(function, layout_.func_new)), "new_open");
  EXPECT_EQ(CodeBehind(elf_, function), "") << "a string";
  EXPECT_EQ(CodeBehind(elf_, At(function, layout_.func_sympos)), "");
}

TEST_F(PatchTablesOfModuleTest, DataIsNoCode) {
  const ElfAddress function = Function(Object(0));
  EXPECT_TRUE(DataBehind(elf_, function).has_value());
  EXPECT_FALSE(DataBehind(elf_, At(function, layout_.func_new)).has_value());
}

TEST_F(PatchTablesOfModuleTest, OutsideOfASectionThereIsNothing) {
  const ElfAddress outside = {place_.section, UINT64_MAX - 4};
  EXPECT_FALSE(DataBehind(elf_, outside).has_value());
  EXPECT_FALSE(NameBehind(elf_, outside).has_value());
  EXPECT_FALSE(ObjectNameBehind(elf_, outside).has_value());
  EXPECT_EQ(CodeBehind(elf_, outside), "");
  EXPECT_THAT(CallbacksAt(elf_, outside, kObjectCallbacks), IsEmpty());
}

TEST_F(PatchTablesOfModuleTest, CallbacksAreThosePresent) {
  EXPECT_THAT(CallbacksAt(elf_, Callbacks(Object(0)), kObjectCallbacks),
              IsEmpty());
  EXPECT_THAT(CallbacksAt(elf_, Callbacks(Object(1)), kObjectCallbacks),
              ElementsAre("pre_patch", "post_unpatch"));
  const size_t count = std::size(kObjectCallbacks);
  EXPECT_TRUE(
      CheckCallbacks(elf_, "t", Callbacks(Object(1)), count, "it").ok());
}

TEST_F(PatchTablesOfModuleTest, ACallbackThatIsDataIsNamedWithItsOwner) {
  const absl::Status status =
      CheckCallbacks(elf_, "t", Function(Object(0)), 1, "object 'x'");
  EXPECT_EQ(KindOf(status), ErrorKind::kNotAPatch);
  EXPECT_THAT(std::string(status.message()), HasSubstr("object 'x'"));
}

TEST_F(PatchTablesOfModuleTest, OnlyInitSectionsGo) {
  for (uint32_t i = 0; i < elf_.sections().size(); i++) {
    const bool goes = absl::StartsWith(elf_.sections()[i].name, ".init");
    EXPECT_EQ(CheckStays(elf_, "t", {i, 0}, "it").ok(), !goes)
        << elf_.sections()[i].name;
  }
}

TEST(FindPatchesTest, AModuleThatIsNoPatchHasNone) {
  const auto elf = ElfImage::Parse(ReadTestFile(TEST_LIVEPATCH_KLP));
  ASSERT_TRUE(elf.ok()) << elf.status();
  EXPECT_THAT(FindPatches(*elf, KlpxLayout()), IsEmpty());
}

}  // namespace
}  // namespace klpx
