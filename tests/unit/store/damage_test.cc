// SPDX-License-Identifier: GPL-2.0
// Files that are truncated, have flipped bits, or cannot be written: the result
// is an error that names the file and what to do, or a right answer; never a
// crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "controller/core/history/history_story.h"
#include "tests/unit/store/history_files.h"

namespace klpx {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr size_t kPage = 4096;
// Few enough that SQLite does not checkpoint the log before the file is closed.
constexpr int kTransitions = 8;

class DamageTest : public testing::Test, protected HistoryFiles {
 protected:
  DamageTest() : copy_(dir_ + "/copy.db") {
    auto store = Open();
    for (int i = 1; i <= kTransitions; i++) {
      const int64_t id = store->Begin(Ended(i)).value();
      EXPECT_TRUE(store->SawBlockers(id, {Task(i)}, 1, 1).ok());
      EXPECT_TRUE(store->AddEvent(id, {i, "signal", "to it", "root"}).ok());
    }
    base_ = Read(path_);
    wal_ = Read(path_ + "-wal");
    store = absl::UnknownError("closed");  // the last close checkpoints the WAL
    bytes_ = Read(path_);
  }

  // Does everything that a reader does; "" if all of it succeeds.
  std::string ReadAll() {
    auto store = HistoryStore::Open(copy_, Access::kReadWrite);
    if (!store.ok()) return std::string(store.status().message());
    HistoryFilter filter;
    filter.whole = true;
    const auto all = store->Query(filter);
    if (!all.ok()) return std::string(all.status().message());
    for (const TransitionRecord& record : *all) Story(record);
    const auto id = store->Begin(Record());
    return id.ok() ? "" : std::string(id.status().message());
  }

  void Put(const std::string& bytes) {
    std::filesystem::remove(copy_ + "-wal");
    std::filesystem::remove(copy_ + "-shm");
    Write(copy_, bytes);
  }

  void ExpectFineOrNamed(const std::string& what) {
    const std::string error = ReadAll();
    EXPECT_TRUE(error.empty() || error.find(copy_) != std::string::npos)
        << what << ": " << error;
  }

  std::string bytes_;  // everything in one file
  std::string base_;   // the file without what is still in the log
  std::string wal_;
  std::string copy_;
};

TEST_F(DamageTest, CutAtEveryPage) {
  ASSERT_GT(bytes_.size(), 5 * kPage);
  for (size_t size = kPage; size < bytes_.size(); size += kPage) {
    Put(bytes_.substr(0, size));
    const std::string error = ReadAll();
    EXPECT_THAT(error, AllOf(HasSubstr(copy_), HasSubstr("move it away")))
        << size;
  }
}

TEST_F(DamageTest, CutInTheFirstPage) {
  // SQLite treats a file of one byte as empty.
  Put(bytes_.substr(0, 1));
  ExpectFineOrNamed("one byte");
  for (const size_t size : {15, 16, 99, 100, 4095}) {
    Put(bytes_.substr(0, size));
    EXPECT_THAT(ReadAll(), HasSubstr(copy_)) << size;
  }
}

TEST_F(DamageTest, ABitFlippedAnywhere) {
  for (size_t at = 0; at < bytes_.size(); at += 97) {
    std::string flipped = bytes_;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    Put(flipped);
    ExpectFineOrNamed(absl::StrCat("bit in byte ", at));
  }
}

TEST_F(DamageTest, AWholePageOfGarbage) {
  for (size_t at = 0; at < bytes_.size(); at += kPage) {
    std::string garbage = bytes_;
    for (size_t i = at; i < at + kPage; i++) {
      garbage[i] = static_cast<char>(i * 2654435761u >> 7);
    }
    Put(garbage);
    ExpectFineOrNamed(absl::StrCat("page at ", at));
  }
}

// A power cut may leave any prefix of the log. The history must then have
// exactly the commits that are complete in it.
TEST_F(DamageTest, ALogCutAnywhereIsAShorterHistory) {
  ASSERT_GT(wal_.size(), 10 * kPage);
  size_t most = 0;
  for (size_t size = 0; size <= wal_.size(); size += 1511) {
    Put(base_);
    Write(copy_ + "-wal", wal_.substr(0, size));
    auto store = HistoryStore::Open(copy_, Access::kReadWrite);
    ASSERT_TRUE(store.ok()) << size << ": " << store.status();
    EXPECT_THAT(store->CheckIntegrity().value(), IsEmpty()) << size;
    const size_t count = store->Query({})->size();
    EXPECT_GE(count, most) << size;
    most = count;
  }
  EXPECT_GE(most, static_cast<size_t>(kTransitions) - 1);
}

TEST_F(DamageTest, NotADatabase) {
  Put("#!/bin/sh\necho this is no database, and longer than a header is\n" +
      std::string(4096, '#'));
  EXPECT_THAT(ReadAll(), AllOf(HasSubstr(copy_), HasSubstr("move it away")));
}

TEST_F(DamageTest, ADirectoryOrFifoIsRefused) {
  std::filesystem::create_directory(copy_);
  EXPECT_THAT(ReadAll(), HasSubstr("not a regular file"));
  std::filesystem::remove(copy_);
  ASSERT_EQ(mkfifo(copy_.c_str(), 0600), 0);
  EXPECT_THAT(ReadAll(), HasSubstr("not a regular file"));
}

TEST_F(DamageTest, AMissingDirectoryIsReported) {
  copy_ = dir_ + "/a/b/history.db";
  EXPECT_THAT(ReadAll(), HasSubstr(copy_));
}

TEST_F(DamageTest, AReadOnlyFileIsReported) {
  if (geteuid() == 0) {
    // Root can write everywhere but in /proc.
    copy_ = "/proc/history.db";
    EXPECT_THAT(ReadAll(), HasSubstr(copy_));
    return;
  }
  Put(bytes_);
  chmod(copy_.c_str(), 0400);
  EXPECT_THAT(ReadAll(), HasSubstr(copy_));
}

TEST_F(DamageTest, AReaderSeesALogThatIsNotCheckpointed) {
  Put(base_);
  Write(copy_ + "-wal", wal_);
  auto store = HistoryStore::Open(copy_, Access::kReadOnly);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ(store->Query({})->size(), static_cast<size_t>(kTransitions));
}

}  // namespace
}  // namespace klpx
