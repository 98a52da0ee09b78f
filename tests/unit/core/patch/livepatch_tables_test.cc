// SPDX-License-Identifier: GPL-2.0
// Patches for the kernel's own livepatch (data/livepatch.c) as each builder
// makes them, and truncated files.
#include "controller/core/patch/livepatch_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "controller/core/patch/patch_file.h"
#include "tests/unit/data/test_files.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// From data/klp-build-7.3.4.patch.
constexpr char kMadeByKlpBuild[] =
    TEST_ROOT "/tests/unit/data/klp-build-7.3.4.module";

// The layout in data/livepatch.c, STATIC.
TableLayout Layout() {
  return {.type = "struct klp_patch",
          .patch_objs = 16,
          .patch_replace = 24,
          .object_funcs = 8,
          .object_callbacks = 32,
          .object_size = 64,
          .func_new = 16,
          .func_sympos = 24,
          .func_size = 32};
}

TEST(LivepatchTablesTest, ReadsAStaticPatchByItsLayout) {
  const auto file =
      ParsePatchFile(ReadTestFile(TEST_LIVEPATCH_STATIC), Layout());
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->patch.has_value());
  EXPECT_TRUE(file->patch->replace);
  ASSERT_EQ(file->patch->functions.size(), 1u);
  EXPECT_EQ(file->patch->functions[0].object, "ext4");
  EXPECT_EQ(file->patch->functions[0].name, "do_open");
  EXPECT_EQ(file->patch->functions[0].replacement, "new_open");
  EXPECT_EQ(file->patch->functions[0].sympos, 3u);
  EXPECT_THAT(file->patch->objects[0].callbacks, ElementsAre("pre_patch"));
}

TEST(LivepatchTablesTest, DoesNotGuessALayout) {
  const auto file = ParsePatchFile(ReadTestFile(TEST_LIVEPATCH_STATIC));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->engine, Engine::kKernel);
  EXPECT_FALSE(file->patch.has_value());
}

TEST(LivepatchTablesTest, ReadsTablesOfKpatchBuild) {
  const auto file = ParsePatchFile(ReadTestFile(TEST_LIVEPATCH_KPATCH));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->patch.has_value());
  EXPECT_EQ(file->patch->builder, "kpatch-build");
  ASSERT_EQ(file->patch->functions.size(), 2u);
  EXPECT_EQ(file->patch->functions[0].object, "vmlinux");
  EXPECT_EQ(file->patch->functions[0].name, "do_open");
  EXPECT_EQ(file->patch->functions[1].object, "ext4");
  EXPECT_EQ(file->patch->functions[1].sympos, 2u);
  EXPECT_EQ(file->patch->functions[1].replacement, "new_open");
}

TEST(LivepatchTablesTest, ReadsTablesOfKlpBuild) {
  const auto file = ParsePatchFile(ReadTestFile(TEST_LIVEPATCH_KLP));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->patch.has_value());
  EXPECT_EQ(file->patch->builder, "klp-build");
  ASSERT_EQ(file->patch->functions.size(), 3u);
  EXPECT_EQ(file->patch->functions[1].name, "do_close");
  EXPECT_EQ(file->patch->functions[1].sympos, 2u);
  EXPECT_EQ(file->patch->functions[2].object, "ext4");
  EXPECT_THAT(file->patch->objects[0].callbacks, ElementsAre("pre_patch"));
}

TEST(LivepatchTablesTest, ReadsARealModuleOfKlpBuild) {
  const auto file = ParsePatchFile(ReadTestFile(kMadeByKlpBuild));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->module, "livepatch_real");
  EXPECT_EQ(file->engine, Engine::kKernel);
  ASSERT_TRUE(file->patch.has_value());
  EXPECT_EQ(file->patch->builder, "klp-build");
  ASSERT_EQ(file->patch->functions.size(), 2u);
  EXPECT_EQ(file->patch->functions[0].object, "vmlinux");
  EXPECT_EQ(file->patch->functions[0].name, "cmdline_proc_show");
  EXPECT_EQ(file->patch->functions[1].object, "loop");
  EXPECT_EQ(file->patch->functions[1].name, "loop_attr_do_show_sizelimit");
}

// Tables of either builder in a module that calls klpx_enable_patch() itself.
TEST(LivepatchTablesTest, ReadsTablesOfBuildersInModulesForKlpx) {
  const auto kpatch = ParsePatchFile(ReadTestFile(TEST_LIVEPATCH_KLPX_KPATCH));
  ASSERT_TRUE(kpatch.ok()) << kpatch.status();
  EXPECT_EQ(kpatch->engine, Engine::kKlpx);
  ASSERT_TRUE(kpatch->patch.has_value());
  EXPECT_EQ(kpatch->patch->builder, "kpatch-build");
  EXPECT_EQ(kpatch->patch->functions.size(), 2u);
  const auto klp = ParsePatchFile(ReadTestFile(TEST_LIVEPATCH_KLPX_KLP));
  ASSERT_TRUE(klp.ok()) << klp.status();
  EXPECT_EQ(klp->engine, Engine::kKlpx);
  ASSERT_TRUE(klp->patch.has_value());
  EXPECT_EQ(klp->patch->builder, "klp-build");
  EXPECT_EQ(klp->patch->functions.size(), 3u);
}

TEST(LivepatchTablesTest, RefusesInvalidTables) {
  for (const char* path :
       {TEST_LIVEPATCH_KPATCH_BROKEN, TEST_LIVEPATCH_KLP_BROKEN}) {
    const auto file = ParsePatchFile(ReadTestFile(path));
    EXPECT_EQ(KindOf(file.status()), ErrorKind::kNotAPatch);
    EXPECT_THAT(std::string(file.status().message()), HasSubstr("is broken"));
  }
}

TEST(TruncationTest, EveryTruncationIsAnError) {
  for (const char* path :
       {TEST_MODULE_KLPX, TEST_LIVEPATCH_STATIC, TEST_LIVEPATCH_KPATCH,
        TEST_LIVEPATCH_KLP, kMadeByKlpBuild}) {
    const std::string whole = ReadTestFile(path);
    ASSERT_TRUE(ParsePatchFile(whole, Layout()).ok());
    for (size_t size = 0; size < whole.size(); size++) {
      const auto file = ParsePatchFile(whole.substr(0, size), Layout());
      ASSERT_EQ(KindOf(file.status()), ErrorKind::kNotAModule)
          << path << ", " << size << " bytes";
    }
  }
}

// Any wrong byte leads to an error or a description, never to a crash.
TEST(TruncationTest, SurvivesEveryWrongByte) {
  const std::string whole = ReadTestFile(TEST_LIVEPATCH_KLP);
  for (size_t at = 0; at < whole.size(); at++) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(~bytes[at]);
    const auto file = ParsePatchFile(std::move(bytes), Layout());
    EXPECT_NE(file.ok(), KindOf(file.status()) == ErrorKind::kNotAModule ||
                             KindOf(file.status()) == ErrorKind::kNotAPatch)
        << file.status();
  }
}

TEST(PatchFileTest, KnowsASignature) {
  std::string bytes = ReadTestFile(TEST_MODULE_KLPX);
  EXPECT_FALSE(ParsePatchFile(bytes)->is_signed);
  bytes += "signature~Module signature appended~\n";
  EXPECT_TRUE(ParsePatchFile(bytes)->is_signed);
}

}  // namespace
}  // namespace klpx
