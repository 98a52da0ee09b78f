// SPDX-License-Identifier: GPL-2.0
// The thread that reads the files.
#include "controller/web/watcher.h"

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

constexpr std::chrono::milliseconds kLookInterval(250);
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

Watcher::Watcher(Kernel& kernel, Files files, Publish publish)
    : kernel_(kernel),
      files_(std::move(files)),
      publish_(std::move(publish)),
      thread_([this] { Run(); }) {}

Watcher::~Watcher() {
  stop_ = true;
  thread_.join();
}

void Watcher::Run() {
  for (; !stop_; std::this_thread::sleep_for(kLookInterval)) {
    const Host now = kernel_.ReadHost();
    if (!Look(now) && view_.sequence > 0) continue;
    view_.sequence++;
    view_.state = std::make_shared<const std::string>(StateEvent(view_, now));
    publish_(std::make_shared<const View>(view_));
  }
}

bool Watcher::Look(const Host& now) {
  const bool snapshot = LookAtSnapshot();
  const bool history = LookAtHistory(now);
  return Judge(now) || snapshot || history;
}

bool Watcher::LookAtSnapshot() {
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
  view_.documents = MakeDocuments(*std::move(snapshot), *std::move(text));
  series_.Add(*view_.documents);
  view_.series = std::make_shared<const std::string>(series_.ToJson().dump());
  return true;
}

bool Watcher::LookAtHistory(const Host& now) {
  const absl::Duration since = absl::Nanoseconds(now.monotonic_ns);
  if (since < next_history_) return false;
  next_history_ = since + kHistoryInterval;
  const std::string identity = absl::StrCat(
      IdentityOf(files_.history), " ", IdentityOf(files_.history + "-wal"), " ",
      view_.history_from_database ? "" : snapshot_seen_);
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
  view_.history_from_database = records.ok();
  view_.history_error =
      records.ok() ? "" : std::string(records.status().message());
  if (records.ok()) {
    TakeHistory(Json::parse(HistoryJson(now, *records), nullptr, false), now);
  } else if (view_.documents) {
    TakeHistory(view_.documents->snapshot.history, now);
  }
  view_.totals = std::make_shared<const TransitionTotals>(totals_);
  return true;
}

void Watcher::TakeHistory(const Json& history, const Host& now) {
  view_.history = nullptr;
  if (!history.is_object()) return;
  view_.history = std::make_shared<const HistoryTexts>(history);
  totals_.Absorb(history, now.boot_id);
}

bool Watcher::Judge(const Host& now) {
  Freshness freshness = Freshness::kFresh;
  std::string error;
  if (!read_error_.empty()) {
    freshness = view_.documents ? Freshness::kBroken : Freshness::kMissing;
    if (!snapshot_seen_.empty()) freshness = Freshness::kBroken;
    error = read_error_;
  } else if (!IsOfThisBoot(view_.documents->snapshot, now)) {
    freshness = Freshness::kOtherBoot;
    error = absl::StrCat(files_.snapshot, " is from another boot or machine (",
                         view_.documents->snapshot.host.name, ")");
  } else if (SnapshotAge(view_.documents->snapshot, now) > kStaleAfter) {
    freshness = Freshness::kStale;
    error = absl::StrCat(files_.snapshot,
                         ": the daemon has stopped writing it; see "
                         "'systemctl status klpx-daemon'");
  }
  const bool changed = freshness != view_.freshness || error != view_.error;
  view_.freshness = freshness;
  view_.error = error;
  return changed;
}

}  // namespace klpx
