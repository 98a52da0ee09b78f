// SPDX-License-Identifier: GPL-2.0
// What happens to the guard's marks at the end of a boot.
#include "controller/ops/boot/attempt_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "controller/verbs/verbs.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

class AttemptStoreTest : public testing::Test, protected CommandTest {
 protected:
  AttemptStoreTest() { context.boot.state_dir = temp_.path(); }

  std::string Mark(const std::string& patch) {
    const std::string path = context.boot.state_dir + "/attempts/" + patch;
    kernel.files[path] = "";  // so that the directory lists it
    return path;
  }

  bool Exists(const std::string& path) { return std::filesystem::exists(path); }

 private:
  const TempDirectory temp_;
};

TEST_F(AttemptStoreTest, AnOrderlyShutdownRemovesTheMarksOfThisBoot) {
  const std::string mark = Mark(kName);
  ASSERT_TRUE(BeginAttempt(context.boot, kName).ok());
  ASSERT_TRUE(Exists(mark));
  // The attempt is too recent to have settled.
  RestoreOptions settle;
  settle.settle = true;
  EXPECT_EQ(RunRestore(context, absl::Seconds(1), settle).value(), 0);
  EXPECT_TRUE(Exists(mark));
  RestoreOptions shutdown;
  shutdown.shutdown = true;
  EXPECT_EQ(RunRestore(context, absl::Seconds(1), shutdown).value(), 0);
  EXPECT_FALSE(Exists(mark));
  EXPECT_TRUE(kernel.modules.empty());
}

TEST_F(AttemptStoreTest, APatchThatIsNotLoadedAtBootNeedsNoMark) {
  const std::string mark = Mark(kName);
  EXPECT_TRUE(
      BeginAttemptIfAccepted(context.boot, kName, /*required=*/true).ok());
  EXPECT_FALSE(Exists(mark));
}

TEST_F(AttemptStoreTest, AMarkOfAnotherBootStays) {
  const std::string mark = Mark(kName);
  ASSERT_TRUE(BeginAttempt(context.boot, kName).ok());
  std::ifstream in(mark);
  std::string text(std::istreambuf_iterator<char>(in), {});
  const std::string now = kernel.ReadHost().boot_id;
  const size_t at = text.find(now);
  ASSERT_NE(at, text.npos) << text;
  std::ofstream(mark) << text.replace(at, now.size(), "another-boot");
  EndAllAttempts(context.boot);
  EXPECT_TRUE(Exists(mark));
}

}  // namespace
}  // namespace klpx
