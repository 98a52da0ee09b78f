// SPDX-License-Identifier: GPL-2.0
#include "controller/web/view.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <mutex>

#include "controller/sys/io/errno_status.h"
#include "controller/sys/proc/linux_kernel.h"
#include "controller/web/watcher.h"
#include "tests/unit/schema/schema_check.h"
#include "tests/unit/web/view_files.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::shared_ptr<const Documents> At(int64_t seconds, int pending) {
  const std::string text = StuckSnapshot("b", seconds * 1000000000, pending);
  absl::StatusOr<Snapshot> snapshot = ParseSnapshot(text);
  snapshot->host.time += absl::Seconds(seconds);
  return MakeDocuments(*std::move(snapshot), text);
}

TEST(ProgressSeriesTest, KeepsOneTransitionAndItsEnd) {
  ProgressSeries series;
  series.Add(*At(1, 9));
  series.Add(*At(2, 4));
  Documents settled = *At(3, 0);
  settled.snapshot.blocking["patch"] = nullptr;
  series.Add(settled);
  series.Add(settled);
  const Json json = series.ToJson();
  ASSERT_EQ(json["points"].size(), 3u);
  EXPECT_EQ(json["points"][1]["pending"], 4);
  EXPECT_EQ(json["points"][2]["pending"], 0);
  EXPECT_EQ(json["transition"], "fix enabling");
}

// The kernel's own engine does not report the elapsed time.
TEST(ProgressSeriesTest, IsOneTransitionWithoutAnElapsedTime) {
  ProgressSeries series;
  for (int second = 0; second < 10; second++) {
    Documents documents = *At(second, 9);
    documents.snapshot.blocking["elapsed_ms"] = nullptr;
    series.Add(documents);
  }
  EXPECT_EQ(series.ToJson()["points"].size(), 10u);
}

// The numbers come from a file and may be anything.
TEST(ProgressSeriesTest, ImpossibleTimesDoNotOverflow) {
  for (const uint64_t elapsed :
       {uint64_t{0}, uint64_t{INT64_MAX}, uint64_t{1} << 63, UINT64_MAX}) {
    ProgressSeries series;
    for (const absl::Time time :
         {absl::InfinitePast(), absl::UnixEpoch(), absl::InfiniteFuture()}) {
      Documents documents = *At(1, 9);
      documents.snapshot.host.time = time;
      documents.snapshot.blocking["elapsed_ms"] = elapsed;
      series.Add(documents);
      EXPECT_GE(series.ToJson()["began_ms"], 0) << elapsed;
    }
  }
}

TEST(ProgressSeriesTest, IsThinnedOutNotCut) {
  ProgressSeries series;
  for (int second = 0; second < 5000; second++) {
    series.Add(*At(second, 9));
  }
  const Json json = series.ToJson();
  EXPECT_LT(json["points"].size(), 1200u);
  EXPECT_EQ(json["points"][0]["time_ms"],
            absl::ToUnixMillis(At(0, 9)->snapshot.host.time));
  EXPECT_GE(json["points"].back()["time_ms"],
            absl::ToUnixMillis(At(4980, 9)->snapshot.host.time));
}

TEST(StateEventTest, IsSmallAndSaysHowOldItIs) {
  View view;
  view.documents = At(10, 9);
  view.freshness = Freshness::kStale;
  view.error = "the daemon sleeps";
  Host now = view.documents->snapshot.host;
  now.monotonic_ns += 2000000000;
  const Json json = Json::parse(StateEvent(view, now));
  EXPECT_EQ(json["snapshot"]["state"], "stale");
  EXPECT_EQ(json["snapshot"]["age_ms"], 2000);
  EXPECT_EQ(json["blocking"]["pending"], 9);
  EXPECT_EQ(json["blocking"]["stacks"]["children"][0]["name"], "a");
  EXPECT_FALSE(json["blocking"].contains("blockers"));
  EXPECT_EQ(StateEvent(view, now).find('\n'), std::string::npos);
  EXPECT_THAT(SchemaErrors("klp.event", StateEvent(view, now)), IsEmpty());
  EXPECT_THAT(SchemaErrors("klp.event", StateEvent(View(), now)), IsEmpty());
}

TEST(StateEventTest, SaysWhatToDo) {
  View view;
  view.documents = At(10, 9);
  const Json json =
      Json::parse(StateEvent(view, view.documents->snapshot.host));
  EXPECT_EQ(json["blocking"]["advice"][0]["commands"][0],
            "klp-controller signal fix");
}

TEST(HistoryTextsTest, TheTagChangesWithTheContents) {
  Json history = At(1, 9)->snapshot.history;
  const HistoryTexts first(history);
  history["time"] = "another";
  EXPECT_EQ(HistoryTexts(history).tag(), first.tag());
  history["transitions"][1]["outcome"] = "reversed";
  EXPECT_NE(HistoryTexts(history).tag(), first.tag());
}

TEST(HistoryTextsTest, IsMadeOnceForAll) {
  const HistoryTexts history(At(1, 9)->snapshot.history);
  EXPECT_EQ(history.Newest(100, true), history.Newest(99, true));
  EXPECT_EQ(Json::parse(*history.Newest(0, false))["transitions"].size(), 0u);
  const Json none = Json::parse(*HistoryTexts(Json::object()).Newest(9, true));
  EXPECT_TRUE(none["transitions"].empty());
}

TEST(HintTest, SaysWhatToTypeIfTheGroupIsMissing) {
  const absl::Status refused = ErrnoError(EACCES, "/run/klpx/snapshot.json");
  EXPECT_THAT(HintFor(refused, false), HasSubstr("groupadd --system klpx"));
  EXPECT_THAT(HintFor(refused, true), HasSubstr("usermod -aG klpx"));
  EXPECT_EQ(HintFor(ErrnoError(ENOENT, "x"), false), "");
}

// What the watcher publishes, in order.
class WatcherTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/klpx-view-XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    directory_ = name;
    path_ = directory_ + "/snapshot.json";
  }
  void TearDown() override {
    unlink(path_.c_str());
    rmdir(directory_.c_str());
  }

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

  // Waits for a view of that kind.
  std::shared_ptr<const View> Await(Freshness freshness) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20),
                      [&] { return view_ && view_->freshness == freshness; });
    return view_;
  }

  std::string directory_;
  std::string path_;
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

TEST_F(WatcherTest, ASpecialFileDoesNotBlockIt) {
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
