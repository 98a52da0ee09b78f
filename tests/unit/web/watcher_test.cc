// SPDX-License-Identifier: GPL-2.0
// What the thread that reads makes of a file that is there, or is not.
#include "controller/web/watcher.h"

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
class WatcherTest : public ::testing::Test {
 protected:
  void Write(const std::string& text) {
    std::ofstream(path_ + ".new") << text;
    ASSERT_EQ(rename((path_ + ".new").c_str(), path_.c_str()), 0);
  }

  Watcher::Publish Catch() {
    return [this](std::shared_ptr<const View> view) {
      const std::lock_guard<std::mutex> lock(mutex_);
      view_ = std::move(view);
      changed_.notify_all();
    };
  }

  // The view, once it is of that kind.
  std::shared_ptr<const View> Await(Freshness freshness) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20),
                      [&] { return view_ && view_->freshness == freshness; });
    return view_;
  }

  const TempDirectory temp_;
  const std::string& directory_ = temp_.path();
  const std::string path_ = directory_ + "/snapshot.json";
  LinuxKernel kernel_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const View> view_;
};

TEST_F(WatcherTest, TellsMissingBrokenFreshAndForeign) {
  const Watcher watcher(kernel_, {path_, directory_ + "/none.db"}, Catch());
  auto view = Await(Freshness::kMissing);
  EXPECT_EQ(view->freshness, Freshness::kMissing);
  EXPECT_THAT(view->error, HasSubstr("snapshot.json"));
  const Host now = kernel_.ReadHost();
  const std::string whole = StuckSnapshot(now.boot_id, now.monotonic_ns, 9);
  Write(whole.substr(0, whole.size() / 2));
  view = Await(Freshness::kBroken);
  EXPECT_EQ(view->freshness, Freshness::kBroken);
  EXPECT_EQ(view->documents, nullptr);
  Write(whole);
  view = Await(Freshness::kFresh);
  ASSERT_EQ(view->freshness, Freshness::kFresh);
  EXPECT_EQ(view->documents->snapshot.host.name, "web1");
  EXPECT_FALSE(view->history_from_database);
  Write("[]");
  view = Await(Freshness::kBroken);
  EXPECT_EQ(view->freshness, Freshness::kBroken);
  EXPECT_NE(view->documents, nullptr) << "what was read before stays";
  Write(StuckSnapshot("another", 1, 9));
  view = Await(Freshness::kOtherBoot);
  EXPECT_EQ(view->freshness, Freshness::kOtherBoot);
}

TEST_F(WatcherTest, AnOldSnapshotIsStale) {
  const Host now = kernel_.ReadHost();
  Write(StuckSnapshot(now.boot_id, now.monotonic_ns - 60000000000, 9));
  const Watcher watcher(kernel_, {path_, directory_ + "/none.db"}, Catch());
  const auto view = Await(Freshness::kStale);
  EXPECT_EQ(view->freshness, Freshness::kStale);
  EXPECT_THAT(view->error, HasSubstr("stopped writing"));
}

TEST_F(WatcherTest, WhatIsNoFileDoesNotHoldIt) {
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
