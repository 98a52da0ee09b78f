// SPDX-License-Identifier: GPL-2.0
#include "controller/core/patch/patch_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/data/test_files.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;

TEST(PatchFileTest, ReadsModinfo) {
  const auto file = ParsePatchFile(ReadTestFile(TEST_MODULE_KLPX));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->module, "test_fix");
  EXPECT_EQ(file->vermagic, "6.12.0-test SMP mod_unload ");
  EXPECT_EQ(file->license, "GPL");
  EXPECT_EQ(file->description, "a test");
  EXPECT_THAT(file->depends, ElementsAre("klpx", "other"));
  EXPECT_EQ(file->build_id.size(), 18u);
}

// The fixture is compiled with include/klpx/livepatch.h, so this fails if the
// layout there changes.
TEST(PatchFileTest, DecodesPatchedFunctions) {
  const auto file = ParsePatchFile(ReadTestFile(TEST_MODULE_KLPX));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->engine, Engine::kKlpx);
  EXPECT_EQ(file->version, "12");
  ASSERT_TRUE(file->patch.has_value());
  const std::vector<PatchedFunction>& functions = file->patch->functions;
  ASSERT_EQ(functions.size(), 3u);
  EXPECT_EQ(functions[0].object, "vmlinux");
  EXPECT_EQ(functions[0].name, "do_open");
  EXPECT_EQ(functions[0].replacement, "new_open");
  EXPECT_EQ(functions[0].sympos, 0u);
  EXPECT_EQ(functions[1].name, "do_close");
  EXPECT_EQ(functions[1].sympos, 2u);
  EXPECT_EQ(functions[2].object, "other");
  EXPECT_EQ(functions[2].name, "other_open");
}

TEST(PatchFileTest, KnowsThePatchesOfTheKernelsOwnEngine) {
  const auto file = ParsePatchFile(ReadTestFile(TEST_MODULE_KERNEL));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->engine, Engine::kKernel);
}

TEST(PatchFileTest, RecognizesModulesThatAreNotPatches) {
  const auto file = ParsePatchFile(ReadTestFile(TEST_MODULE_NONE));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->engine, Engine::kNone);
  EXPECT_FALSE(file->patch.has_value());
}

TEST(PatchFileTest, RefusesFilesThatAreNotModules) {
  for (const std::string& bytes :
       {std::string(), std::string("#!/bin/sh\n"), std::string(4096, '\0'),
        std::string("\x7f"
                    "ELF")}) {
    EXPECT_EQ(KindOf(ParsePatchFile(bytes).status()), ErrorKind::kNotAModule);
  }
}

TEST(PatchFileTest, RefusesAnObjectWithoutModinfo) {
  std::string bytes = ReadTestFile(TEST_MODULE_KLPX);
  bytes.replace(bytes.find(".modinfo"), 8, ".nothing");
  EXPECT_EQ(KindOf(ParsePatchFile(bytes).status()), ErrorKind::kNotAModule);
}

TEST(PatchFileTest, NamesEngines) {
  EXPECT_EQ(RowOf(Engine::kKlpx).word, "klpx");
  EXPECT_EQ(RowOf(Engine::kKernel).word, "kernel");
  EXPECT_EQ(RowOf(Engine::kNone).word, "none");
}

}  // namespace
}  // namespace klpx
