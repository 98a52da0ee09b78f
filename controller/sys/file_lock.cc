// SPDX-License-Identifier: GPL-2.0
// A lock that one process of this machine has.
#include "controller/sys/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "controller/core/text.h"
#include "controller/sys/errno_status.h"
#include "controller/sys/read_file.h"

namespace klpx {
namespace {

constexpr mode_t kLockMode = 0600;
constexpr mode_t kDirectoryMode = 0755;
constexpr absl::Duration kRetry = absl::Milliseconds(20);
// Of a note that another program may have damaged.
constexpr size_t kMostNote = 80;
constexpr size_t kMostFile = 4096;

using Clock = std::chrono::steady_clock;

}  // namespace

absl::Status MakeRunDirectory(const std::string& path) {
  if (mkdir(path.c_str(), kDirectoryMode) != 0) {
    return errno == EEXIST ? absl::OkStatus()
                           : ErrnoError(errno, absl::StrCat("mkdir ", path));
  }
  if (chmod(path.c_str(), kDirectoryMode) == 0) return absl::OkStatus();
  return ErrnoError(errno, absl::StrCat("chmod ", path));
}

absl::StatusOr<std::optional<FileLock>> FileLock::Try(const std::string& path,
                                                      absl::string_view what) {
  const absl::Status made = MakeRunDirectory(path.substr(0, path.rfind('/')));
  if (!made.ok()) return made;
  UniqueFd file(
      open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kLockMode));
  if (!file.ok()) return ErrnoError(errno, absl::StrCat("open ", path));
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::optional<FileLock>();
    return ErrnoError(errno, absl::StrCat("lock ", path));
  }
  // Who it is helps people only; the lock is had without it.
  const std::string note =
      absl::StrCat("process ", getpid(), " (", what, ")\n");
  if (ftruncate(file.get(), 0) == 0 &&
      pwrite(file.get(), note.data(), note.size(), 0) < 0) {
    return ErrnoError(errno, absl::StrCat("write ", path));
  }
  return std::optional<FileLock>(FileLock(std::move(file)));
}

absl::StatusOr<FileLock> FileLock::Wait(const std::string& path,
                                        absl::string_view what,
                                        absl::Duration timeout) {
  // Not by the time of day, which NTP sets at boot.
  const Clock::time_point deadline =
      Clock::now() + absl::ToChronoNanoseconds(timeout);
  for (;;) {
    absl::StatusOr<std::optional<FileLock>> lock = Try(path, what);
    if (!lock.ok()) return lock.status();
    if (*lock) return **std::move(lock);
    if (Clock::now() > deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat(path, ": ", LockHolder(path), " has this lock for more ",
                       "than ", absl::FormatDuration(timeout)));
    }
    absl::SleepFor(kRetry);
  }
}

std::string LockHolder(const std::string& path) {
  // Not waited for, should it be a FIFO.
  std::string note = ReadRegular(path, kMostFile).value_or("");
  note.resize(std::min(note.find('\n'), std::min(note.size(), kMostNote)));
  return note.empty() ? "another process" : Printable(note);
}

}  // namespace klpx
