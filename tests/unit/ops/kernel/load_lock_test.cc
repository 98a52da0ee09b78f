// SPDX-License-Identifier: GPL-2.0
// One process at a time loads a patch, or removes the engine.
#include "controller/ops/kernel/load_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class LoadLockTest : public testing::Test, protected CommandTest {
 protected:
  LoadLockTest() {
    context.boot.run_dir = dir_;
    context.SetVerb("enable");
    path_ = context.boot.run_dir + "/load.lock";
  }
  absl::StatusOr<std::optional<FileLock>> Lock() {
    return LockLoading(kernel, context.console, context.boot.run_dir,
                       context.boot.verb);
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  std::string path_;
};

TEST_F(LoadLockTest, IsHadAtOnceAndGivenBack) {
  {
    const auto lock = Lock();
    ASSERT_TRUE(lock.ok() && lock->has_value());
    EXPECT_FALSE(FileLock::Try(path_, "other")->has_value());
  }
  EXPECT_TRUE(FileLock::Try(path_, "other")->has_value());
  EXPECT_EQ(kernel.now, absl::Seconds(100));
}

TEST_F(LoadLockTest, WithoutARunDirectoryThereIsNone) {
  context.boot.run_dir = "";
  const auto lock = Lock();
  ASSERT_TRUE(lock.ok());
  EXPECT_FALSE(lock->has_value());
}

TEST_F(LoadLockTest, WhereItCannotBeMadeThereIsNone) {
  context.boot.run_dir = "/proc/version";
  const auto lock = Lock();
  ASSERT_TRUE(lock.ok());
  EXPECT_FALSE(lock->has_value());
}

TEST_F(LoadLockTest, IsWaitedForAndSaysForWhat) {
  auto other = FileLock::Try(path_, "unload");
  ASSERT_TRUE(other.ok() && other->has_value());
  kernel.on_sleep = [&] {
    if (kernel.now > absl::Seconds(105)) other->reset();
  };
  const auto lock = Lock();
  ASSERT_TRUE(lock.ok() && lock->has_value());
  EXPECT_THAT(err.str(), HasSubstr("(unload)"));
  EXPECT_EQ(err.str().find("(unload)"), err.str().rfind("(unload)"));
}

TEST_F(LoadLockTest, AShortWaitIsNotWorthANote) {
  auto other = FileLock::Try(path_, "unload");
  ASSERT_TRUE(other.ok() && other->has_value());
  kernel.on_sleep = [&] { other->reset(); };
  EXPECT_TRUE(Lock()->has_value());
  EXPECT_EQ(err.str(), "");
}

TEST_F(LoadLockTest, IsNotWaitedForForEver) {
  const auto other = FileLock::Try(path_, "unload");
  ASSERT_TRUE(other.ok() && other->has_value());
  const absl::Status status = Lock().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused);
  EXPECT_THAT(std::string(status.message()), HasSubstr("(unload)"));
  EXPECT_GE(kernel.now, absl::Seconds(160));
  EXPECT_LE(kernel.now, absl::Seconds(161));
}

TEST_F(LoadLockTest, AnInterruptEndsTheWait) {
  const auto other = FileLock::Try(path_, "unload");
  ASSERT_TRUE(other.ok() && other->has_value());
  kernel.on_sleep = [&] { kernel.interrupted = true; };
  EXPECT_EQ(KindOf(Lock().status()), ErrorKind::kRefused);
  EXPECT_LE(kernel.now, absl::Seconds(101));
}

}  // namespace
}  // namespace klpx
