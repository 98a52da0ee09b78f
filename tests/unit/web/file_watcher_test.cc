// SPDX-License-Identifier: GPL-2.0
// What the thread that reads makes of a file that is there, or is not.
#include "controller/web/file_watcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <mutex>

#include "controller/sys/io/errno_status.h"
#include "controller/sys/proc/linux_kernel.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/web/view_files.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

TEST(HintTest, SaysWhatToTypeWhereTheGroupIsMissing) {
  const absl::Status refused = ErrnoError(EACCES, "/run/klpx/snapshot.json");
  EXPECT_THAT(HintFor(refused, false), HasSubstr("groupadd --system klpx"));
  EXPECT_THAT(HintFor(refused, true), HasSubstr("usermod -aG klpx"));
  EXPECT_EQ(HintFor(ErrnoError(ENOENT, "x"), false), "");
}

// What the watcher publishes, in order.
class FileWatcherTest : public ::testing::Test {
 protected:
  void Write(const std::string& text) {
    std::ofstream(path_ + ".new") << text;
    ASSERT_EQ(rename((path_ + ".new").c_str(), path_.c_str()), 0);
  }

  FileWatcher::Publish Catch() {
    return [this](std::shared_ptr<const ServedState> served) {
      const std::lock_guard<std::mutex> lock(mutex_);
      served_ = std::move(served);
      changed_.notify_all();
    };
  }

  // The state, once it is of that kind.
  std::shared_ptr<const ServedState> Await(Freshness freshness) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] {
      return served_ && served_->freshness == freshness;
    });
    return served_;
  }

  const TempDirectory temp_;
  const std::string& directory_ = temp_.path();
  const std::string path_ = directory_ + "/snapshot.json";
  LinuxKernel kernel_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const ServedState> served_;
};

TEST_F(FileWatcherTest, TellsMissingBrokenFreshAndForeign) {
  const FileWatcher watcher(kernel_, {path_, directory_ + "/none.db"}, Catch());
  auto served = Await(Freshness::kMissing);
  EXPECT_EQ(served->freshness, Freshness::kMissing);
  EXPECT_THAT(served->error, HasSubstr("snapshot.json"));
  const Host now = kernel_.ReadHost();
  const std::string whole = StuckSnapshot(now.boot_id, now.monotonic_ns, 9);
  Write(whole.substr(0, whole.size() / 2));
  served = Await(Freshness::kBroken);
  EXPECT_EQ(served->freshness, Freshness::kBroken);
  EXPECT_EQ(served->documents, nullptr);
  Write(whole);
  served = Await(Freshness::kFresh);
  ASSERT_EQ(served->freshness, Freshness::kFresh);
  EXPECT_EQ(served->documents->snapshot.host.name, "web1");
  EXPECT_FALSE(served->history_from_database);
  Write("[]");
  served = Await(Freshness::kBroken);
  EXPECT_EQ(served->freshness, Freshness::kBroken);
  EXPECT_NE(served->documents, nullptr) << "what was read before stays";
  Write(StuckSnapshot("another", 1, 9));
  served = Await(Freshness::kOtherBoot);
  EXPECT_EQ(served->freshness, Freshness::kOtherBoot);
}

TEST_F(FileWatcherTest, AnOldSnapshotIsStale) {
  const Host now = kernel_.ReadHost();
  Write(StuckSnapshot(now.boot_id, now.monotonic_ns - 60000000000, 9));
  const FileWatcher watcher(kernel_, {path_, directory_ + "/none.db"}, Catch());
  const auto served = Await(Freshness::kStale);
  EXPECT_EQ(served->freshness, Freshness::kStale);
  EXPECT_THAT(served->error, HasSubstr("stopped writing"));
}

TEST_F(FileWatcherTest, WhatIsNoFileDoesNotHoldIt) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_FALSE(ReadBounded(path_, 100).ok());
  EXPECT_FALSE(ReadBounded(directory_, 100).ok());
  unlink(path_.c_str());
  Write(std::string(101, ' '));
  EXPECT_FALSE(ReadBounded(path_, 100).ok());
  EXPECT_TRUE(ReadBounded(path_, 101).ok());
}

}  // namespace
}  // namespace klpx
