// SPDX-License-Identifier: GPL-2.0
// Makes BTF with libbpf and reads it: which types are interchangeable, how they
// are printed, and what happens to bytes that are not BTF.
#include "controller/sys/bpf/btf.h"

#include <bpf/btf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace klpx {
namespace {

using ::testing::IsEmpty;

struct BtfDeleter {
  void operator()(btf* types) const { btf__free(types); }
};

// A few types, and functions made of them.
class BtfTest : public testing::Test {
 protected:
  BtfTest() : types_(btf__new_empty()) {
    int_ = btf__add_int(types(), "int", 4, BTF_INT_SIGNED);
    unsigned_ = btf__add_int(types(), "unsigned int", 4, 0);
    file_ = btf__add_struct(types(), "file", 8);
    btf__add_field(types(), "size", int_, 0, 0);
    btf__add_field(types(), "flags", unsigned_, 32, 0);
    file_pointer_ = btf__add_ptr(types(), file_);
  }

  btf* types() { return types_.get(); }

  // int name(type argument)
  void AddFunction(const char* name, int type) {
    const int proto = btf__add_func_proto(types(), int_);
    btf__add_func_param(types(), "argument", type);
    btf__add_func(types(), name, BTF_FUNC_STATIC, proto);
  }

  std::string Bytes() {
    uint32_t size = 0;
    const void* data = btf__raw_data(types(), &size);
    return std::string(static_cast<const char*>(data), size);
  }

  Prototype Read(const std::string& name) {
    const auto btf = Btf::Parse(Bytes());
    EXPECT_TRUE(btf.ok()) << btf.status();
    return btf->ReadPrototypes({name})[name];
  }

  // Can a function that takes one type be called with the other?
  bool Agree(int one, int other) {
    AddFunction("one", one);
    AddFunction("other", other);
    return !Difference(Read("one"), Read("other"));
  }

  std::unique_ptr<btf, BtfDeleter> types_;
  int int_, unsigned_, file_, file_pointer_;
};

TEST_F(BtfTest, WritesPrototypesAsC) {
  const int callback_proto = btf__add_func_proto(types(), int_);
  btf__add_func_param(types(), "file", file_pointer_);
  const int callback = btf__add_ptr(types(), callback_proto);
  AddFunction("run", callback);
  EXPECT_EQ(Render(Read("run"), "run"),
            "int run(int (*argument)(struct file *))");
  const int constant = btf__add_const(types(), file_);
  AddFunction("look", btf__add_ptr(types(), constant));
  EXPECT_EQ(Render(Read("look"), "look"),
            "int look(const struct file *argument)");
}

TEST_F(BtfTest, TypedefsAndQualifiersStandForTheirTypes) {
  const int number = btf__add_typedef(types(), "number_t", int_);
  EXPECT_TRUE(Agree(int_, btf__add_const(types(), number)));
}

TEST_F(BtfTest, ADeclaredStructureEqualsItsDefinition) {
  const int declared = btf__add_fwd(types(), "file", BTF_FWD_STRUCT);
  EXPECT_TRUE(Agree(file_pointer_, btf__add_ptr(types(), declared)));
}

TEST_F(BtfTest, PointersToOtherStructuresDiffer) {
  const int inode = btf__add_struct(types(), "inode", 8);
  EXPECT_FALSE(Agree(file_pointer_, btf__add_ptr(types(), inode)));
}

TEST_F(BtfTest, NumbersDifferBySign) { EXPECT_FALSE(Agree(int_, unsigned_)); }

TEST_F(BtfTest, StructuresByValueDifferByTheirMembers) {
  const int other = btf__add_struct(types(), "file", 8);
  btf__add_field(types(), "size", int_, 0, 0);
  btf__add_field(types(), "flags", int_, 32, 0);
  EXPECT_FALSE(Agree(file_, other));
}

TEST_F(BtfTest, LeavesOutAmbiguousFunctions) {
  AddFunction("twice", int_);
  AddFunction("twice", file_pointer_);
  const auto btf = Btf::Parse(Bytes());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_THAT(btf->ReadPrototypes({"twice", "none"}), IsEmpty());
}

TEST_F(BtfTest, EndsOnCircularTypes) {
  // A typedef of itself: btf__type_cnt() is the id of the next type.
  AddFunction("round", file_pointer_);
  const int circle = btf__type_cnt(types());
  ASSERT_EQ(btf__add_typedef(types(), "circle", circle), circle);
  AddFunction("spins", circle);
  EXPECT_EQ(Read("spins").parameters.size(), 1u);
}

TEST_F(BtfTest, KnowsNoLayoutWithoutLivepatch) {
  const auto btf = Btf::Parse(Bytes());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_FALSE(btf->LivepatchLayout().has_value());
}

TEST_F(BtfTest, FindsTheLayoutOfLivepatch) {
  const int pointer = btf__add_ptr(types(), 0);
  btf__add_struct(types(), "klp_patch", 40);
  btf__add_field(types(), "mod", pointer, 0, 0);
  btf__add_field(types(), "objs", pointer, 64, 0);
  btf__add_field(types(), "replace", int_, 192, 0);
  btf__add_struct(types(), "klp_object", 72);
  btf__add_field(types(), "name", pointer, 0, 0);
  btf__add_field(types(), "funcs", pointer, 64, 0);
  btf__add_field(types(), "callbacks", pointer, 128, 0);
  btf__add_struct(types(), "klp_func", 48);
  btf__add_field(types(), "old_name", pointer, 0, 0);
  btf__add_field(types(), "new_func", pointer, 64, 0);
  btf__add_field(types(), "old_sympos", pointer, 128, 0);
  const auto layout = Btf::Parse(Bytes())->LivepatchLayout();
  ASSERT_TRUE(layout.has_value());
  EXPECT_EQ(layout->patch_objs, 8u);
  EXPECT_EQ(layout->patch_replace, 24u);
  EXPECT_EQ(layout->object_size, 72u);
  EXPECT_EQ(layout->object_callbacks, 16u);
  EXPECT_EQ(layout->func_sympos, 16u);
  EXPECT_EQ(layout->func_size, 48u);
}

TEST_F(BtfTest, EveryTruncationIsAnErrorOrHasNoFunction) {
  AddFunction("open", file_pointer_);
  const std::string whole = Bytes();
  for (size_t size = 0; size < whole.size(); size++) {
    const auto btf = Btf::Parse(absl::string_view(whole).substr(0, size));
    if (!btf.ok()) continue;
    EXPECT_THAT(btf->ReadPrototypes({"open"}), IsEmpty()) << size << " bytes";
  }
}

// One long name, referred to in thousands of places: 294 KB once took 6 GB.
TEST_F(BtfTest, TakesNoMoreMemoryThanPrototypesNeed) {
  const std::string name(256 << 10, 'A');
  const int big = btf__add_struct(types(), name.c_str(), 0);
  const int wide = btf__add_func_proto(types(), int_);
  for (int i = 0; i < 4000; i++) btf__add_func_param(types(), "a", big);
  btf__add_func(types(), "wide", BTF_FUNC_STATIC, wide);
  const int few = btf__add_func_proto(types(), int_);
  for (int i = 0; i < 6; i++) btf__add_func_param(types(), "a", big);
  btf__add_func(types(), "few", BTF_FUNC_STATIC, few);
  const auto btf = Btf::Parse(Bytes());
  ASSERT_TRUE(btf.ok()) << btf.status();
  const auto found = btf->ReadPrototypes({"wide", "few"});
  // No real function has that many parameters, so it is left out.
  EXPECT_FALSE(found.contains("wide"));
  ASSERT_TRUE(found.contains("few"));
  EXPECT_LT(Render(found.at("few"), "few").size(), 6 * 600u);
}

// A structure passed by value that doubles with each level.
TEST_F(BtfTest, LeavesOutPrototypesThatExplode) {
  int inner = file_;
  for (int i = 0; i < 15; i++) {
    const int outer = btf__add_struct(types(), "s", 16);
    btf__add_field(types(), "a", inner, 0, 0);
    btf__add_field(types(), "b", inner, 64, 0);
    inner = outer;
  }
  AddFunction("deep", inner);
  const auto btf = Btf::Parse(Bytes());
  ASSERT_TRUE(btf.ok()) << btf.status();
  EXPECT_FALSE(btf->ReadPrototypes({"deep"}).contains("deep"));
}

}  // namespace
}  // namespace klpx
