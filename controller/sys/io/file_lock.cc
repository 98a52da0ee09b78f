// SPDX-License-Identifier: GPL-2.0
// A lock that one process of this machine holds at a time.
#include "controller/sys/io/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "controller/core/base/text.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/io/read_file.h"

namespace klpx {
namespace {

constexpr mode_t kLockMode = 0600;
constexpr mode_t kDirectoryMode = 0755;
constexpr absl::Duration kRetry = absl::Milliseconds(20);
// The most bytes shown of a note, which another program may have damaged.
constexpr size_t kMostNote = 80;
constexpr size_t kMostFile = 4096;

using Clock = std::chrono::steady_clock;

// Writes which process holds the lock, for messages only. The lock works
// without the note, for example when the file system is full; LockHolder() then
// says "another process".
void WriteNote(int file, absl::string_view what, absl::string_view plan) {
  const std::string note = absl::StrCat("process ", getpid(), " (", what, ")\n",
                                        plan, plan.empty() ? "" : "\n");
  if (ftruncate(file, 0) != 0) return;
  const ssize_t written = pwrite(file, note.data(), note.size(), 0);
  // A truncated note could name the wrong process.
  if (written != static_cast<ssize_t>(note.size()) && ftruncate(file, 0) != 0) {
    return;
  }
}

// One line of the note, made printable. ReadRegular() does not block if the
// path is a FIFO.
std::string LineOf(const std::string& path, int number) {
  std::istringstream file(ReadRegular(path, kMostFile).value_or(""));
  std::string line;
  for (int i = 0; i < number && file; i++) {
    line.clear();
    std::getline(file, line);
  }
  line.resize(std::min(line.size(), kMostNote));
  return Printable(line);
}

}  // namespace

absl::Status MakeRunDirectory(const std::string& path) {
  if (mkdir(path.c_str(), kDirectoryMode) != 0) {
    return errno == EEXIST ? absl::OkStatus()
                           : ErrnoError(errno, absl::StrCat("mkdir ", path));
  }
  if (chmod(path.c_str(), kDirectoryMode) == 0) return absl::OkStatus();
  return ErrnoError(errno, absl::StrCat("chmod ", path));
}

void FileLock::Describe(absl::string_view what, absl::string_view plan) {
  WriteNote(file_.get(), what, plan);
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
  WriteNote(file.get(), what, "");
  return std::optional<FileLock>(FileLock(std::move(file)));
}

absl::StatusOr<FileLock> FileLock::Wait(const std::string& path,
                                        absl::string_view what,
                                        absl::Duration timeout) {
  // Not the wall clock, which NTP sets at boot.
  const Clock::time_point deadline =
      Clock::now() + absl::ToChronoNanoseconds(timeout);
  for (;;) {
    absl::StatusOr<std::optional<FileLock>> lock = Try(path, what);
    if (!lock.ok()) return lock.status();
    if (*lock) return **std::move(lock);
    if (Clock::now() > deadline) {
      return absl::DeadlineExceededError(absl::StrCat(
          path, ": ", LockHolder(path), " has held this lock for more ",
          "than ", absl::FormatDuration(timeout)));
    }
    absl::SleepFor(kRetry);
  }
}

std::string LockHolder(const std::string& path) {
  const std::string note = LineOf(path, 1);
  return note.empty() ? "another process" : note;
}

std::string LockPlan(const std::string& path) { return LineOf(path, 2); }

std::optional<bool> IsLockHeld(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return false;
    return std::nullopt;
  }
  std::ifstream locks("/proc/locks");
  if (!locks.is_open()) return std::nullopt;
  // "1: FLOCK  ADVISORY  WRITE 4711 00:1a:1234 0 EOF"
  const std::string file = absl::StrFormat(" %02x:%02x:%u ", major(info.st_dev),
                                           minor(info.st_dev), info.st_ino);
  for (std::string line; std::getline(locks, line);) {
    if (absl::StrContains(line, " FLOCK ") && absl::StrContains(line, file) &&
        !absl::StrContains(line, " -> ")) {
      return true;
    }
  }
  return false;
}

}  // namespace klpx
