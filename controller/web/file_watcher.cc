// SPDX-License-Identifier: GPL-2.0
// The thread that reads the files.
#include "controller/web/file_watcher.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/json_read.h"
#include "controller/core/base/run_files.h"
#include "controller/core/report/report_history.h"
#include "controller/store/store.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {
namespace {

constexpr std::chrono::milliseconds kPollInterval(250);
// Reading the whole history is expensive, and nothing in it is urgent.
constexpr absl::Duration kHistoryInterval = absl::Seconds(5);
constexpr uint64_t kHistoryLimit = 100;

// Differs for another file and after each write; "" if there is no file.
std::string IdentityOf(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return "";
  return absl::StrCat(status.st_ino, " ", status.st_size, " ",
                      status.st_ctim.tv_sec, ".", status.st_ctim.tv_nsec);
}

}  // namespace

std::string HintFor(const absl::Status& status, bool has_group) {
  if (ErrnoOf(status) != EACCES) return "";
  const std::string name = kReaderGroup;
  if (!has_group) {
    return absl::StrCat("; only root and group ", name,
                        " may read it, and this machine has no such group: "
                        "run 'groupadd --system ",
                        name,
                        "', then 'systemctl restart klpx-daemon', and restart "
                        "this server");
  }
  return absl::StrCat("; only root and group ", name,
                      " may read it, and this server is not a member: start it "
                      "as root (it drops its rights), or add its user: "
                      "'usermod -aG ",
                      name, " USER'");
}

absl::StatusOr<std::string> ReadBounded(const std::string& path, size_t limit) {
  // O_NONBLOCK: if the file is a pipe, opening it must not block the thread.
  const UniqueFd fd(
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd.ok()) return ErrnoError(errno, path);
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) return ErrnoError(errno, path);
  if (!S_ISREG(status.st_mode)) {
    return Error(ErrorKind::kFailure, path, ": not a regular file");
  }
  if (status.st_size > static_cast<off_t>(limit)) {
    return Error(ErrorKind::kFailure, path, ": ", status.st_size,
                 " bytes, larger than the limit of ", limit);
  }
  std::string text(status.st_size, '\0');
  size_t got = 0;
  while (got < text.size()) {
    const ssize_t count = read(fd.get(), &text[got], text.size() - got);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoError(errno, path);
    if (count == 0) break;
    got += static_cast<size_t>(count);
  }
  text.resize(got);
  return text;
}

FileWatcher::FileWatcher(Kernel& kernel, Files files, Publish publish)
    : kernel_(kernel),
      files_(std::move(files)),
      publish_(std::move(publish)),
      thread_([this] { Run(); }) {}

FileWatcher::~FileWatcher() {
  stop_ = true;
  thread_.join();
}

void FileWatcher::Run() {
  for (; !stop_; std::this_thread::sleep_for(kPollInterval)) {
    const Host now = kernel_.ReadHost();
    if (!Poll(now) && served_.sequence > 0) continue;
    served_.sequence++;
    served_.state =
        std::make_shared<const std::string>(StateEvent(served_, now));
    publish_(std::make_shared<const ServedState>(served_));
  }
}

bool FileWatcher::Poll(const Host& now) {
  const bool snapshot = PollSnapshot();
  const bool history = PollHistory(now);
  return Judge(now) || snapshot || history;
}

bool FileWatcher::PollSnapshot() {
  const std::string identity = IdentityOf(files_.snapshot);
  if (identity == snapshot_seen_ && !identity.empty()) return false;
  const bool gone_before = snapshot_seen_.empty() && !read_error_.empty();
  if (identity.empty() && gone_before) return false;
  snapshot_seen_ = identity;
  absl::StatusOr<std::string> text =
      ReadBounded(files_.snapshot, kLargestSnapshotBytes);
  absl::StatusOr<Snapshot> snapshot =
      text.ok() ? ParseSnapshot(*text)
                : absl::StatusOr<Snapshot>(text.status());
  if (!snapshot.ok()) {
    read_error_ = absl::StrCat(
        snapshot.status().message(),
        HintFor(snapshot.status(), getgrnam(kReaderGroup) != nullptr));
    return true;
  }
  read_error_.clear();
  served_.documents = MakeDocuments(*std::move(snapshot), *std::move(text));
  series_.Add(*served_.documents);
  served_.series = std::make_shared<const std::string>(series_.ToJson().dump());
  return true;
}

bool FileWatcher::PollHistory(const Host& now) {
  const absl::Duration since = absl::Nanoseconds(now.monotonic_ns);
  if (since < next_history_) return false;
  next_history_ = since + kHistoryInterval;
  const std::string identity = absl::StrCat(
      IdentityOf(files_.history), " ", IdentityOf(files_.history + "-wal"), " ",
      served_.history_from_database ? "" : snapshot_seen_);
  if (identity == history_seen_) return false;
  history_seen_ = identity;
  HistoryFilter filter;
  filter.limit = kHistoryLimit;
  filter.whole = true;
  absl::StatusOr<HistoryStore> store =
      HistoryStore::Open(files_.history, Access::kReadOnly);
  absl::StatusOr<std::vector<TransitionRecord>> records =
      store.ok()
          ? store->Query(filter)
          : absl::StatusOr<std::vector<TransitionRecord>>(store.status());
  served_.history_from_database = records.ok();
  served_.history_error =
      records.ok() ? "" : std::string(records.status().message());
  if (records.ok()) {
    TakeHistory(Json::parse(HistoryJson(now, *records), nullptr, false), now);
  } else if (served_.documents) {
    TakeHistory(served_.documents->snapshot.history, now);
  }
  served_.totals = std::make_shared<const TransitionTotals>(totals_);
  return true;
}

void FileWatcher::TakeHistory(const Json& history, const Host& now) {
  served_.history = nullptr;
  if (!history.is_object()) return;
  served_.history = std::make_shared<const HistoryTexts>(history);
  totals_.Absorb(history, now.boot_id);
}

bool FileWatcher::Judge(const Host& now) {
  Freshness freshness = Freshness::kFresh;
  std::string error;
  if (!read_error_.empty()) {
    freshness = served_.documents ? Freshness::kBroken : Freshness::kMissing;
    if (!snapshot_seen_.empty()) freshness = Freshness::kBroken;
    error = read_error_;
  } else if (!IsOfThisBoot(served_.documents->snapshot, now)) {
    freshness = Freshness::kOtherBoot;
    error = absl::StrCat(files_.snapshot, " is from another boot or machine (",
                         served_.documents->snapshot.host.name, ")");
  } else if (SnapshotAge(served_.documents->snapshot, now) > kStaleAfter) {
    freshness = Freshness::kStale;
    error = absl::StrCat(files_.snapshot,
                         ": the daemon has stopped writing it; see "
                         "'systemctl status klpx-daemon'");
  }
  const bool changed = freshness != served_.freshness || error != served_.error;
  served_.freshness = freshness;
  served_.error = error;
  return changed;
}

}  // namespace klpx
