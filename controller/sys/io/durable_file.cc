// SPDX-License-Identifier: GPL-2.0
// Files that must be whole even if the power fails at any instant.
#include "controller/sys/io/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/io/read_file.h"
#include "controller/sys/io/replace_file.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {
namespace {

constexpr mode_t kFileMode = 0640;
constexpr mode_t kWritableByOthers = S_IWGRP | S_IWOTH;

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status SyncDirectory(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.ok()) return ErrnoError(errno, absl::StrCat("open ", path));
  if (fsync(fd.get()) != 0) {
    return ErrnoError(errno, absl::StrCat("fsync ", path));
  }
  return absl::OkStatus();
}

// "" if only root can write the file, else what is wrong.
absl::string_view Distrust(const struct stat& status) {
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    return "does not belong to root";
  }
  if ((status.st_mode & kWritableByOthers) != 0) {
    return "is writable by users other than root (chmod go-w)";
  }
  return "";
}

absl::Status Refuse(const std::string& path, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat(path, " ", why));
}

}  // namespace

namespace {

// `sticky_is_fine` accepts a directory like /tmp, in which others cannot rename
// or remove root's files: enough if the file itself belongs to root.
absl::Status CheckDirectory(const std::string& directory, bool sticky_is_fine) {
  struct stat status = {};
  if (lstat(directory.c_str(), &status) != 0) {
    return ErrnoError(errno, absl::StrCat("stat ", directory));
  }
  if (!S_ISDIR(status.st_mode)) return Refuse(directory, "is not a directory");
  if (sticky_is_fine && (status.st_mode & S_ISVTX) != 0) {
    status.st_mode &= ~kWritableByOthers;
  }
  const absl::string_view why = Distrust(status);
  return why.empty() ? absl::OkStatus() : Refuse(directory, why);
}

}  // namespace

absl::Status CheckTrusted(const std::string& directory) {
  return CheckDirectory(directory, /*sticky_is_fine=*/false);
}

absl::Status CheckTrustedFile(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> whole(
      realpath(path.c_str(), nullptr), free);
  if (!whole) return ErrnoError(errno, absl::StrCat("open ", path));
  std::string at = whole.get();
  struct stat status = {};
  if (lstat(at.c_str(), &status) != 0) {
    return ErrnoError(errno, absl::StrCat("stat ", at));
  }
  if (!S_ISREG(status.st_mode)) return Refuse(at, "is not a regular file");
  const absl::string_view why = Distrust(status);
  if (!why.empty()) return Refuse(at, why);
  while (at != "/") {
    at = ParentOf(at);
    const absl::Status trusted = CheckDirectory(at, /*sticky_is_fine=*/true);
    if (!trusted.ok()) return trusted;
  }
  return absl::OkStatus();
}

absl::Status MakeDirectory(const std::string& path, mode_t mode) {
  struct stat status = {};
  if (lstat(path.c_str(), &status) == 0) {
    return S_ISDIR(status.st_mode) ? absl::OkStatus()
                                   : Refuse(path, "is not a directory");
  }
  const std::string parent = ParentOf(path);
  const absl::Status above = MakeDirectory(parent, mode);
  if (!above.ok()) return above;
  if (mkdir(path.c_str(), mode) != 0 && errno != EEXIST) {
    return ErrnoError(errno, absl::StrCat("mkdir ", path));
  }
  return SyncDirectory(parent);
}

absl::Status WriteDurably(const std::string& path, absl::string_view bytes) {
  const absl::Status replaced =
      ReplaceFile(path, bytes, {.mode = kFileMode, .durable = true});
  return replaced.ok() ? SyncDirectory(ParentOf(path)) : replaced;
}

absl::Status RemoveDurably(const std::string& path) {
  if (unlink(path.c_str()) == 0) return SyncDirectory(ParentOf(path));
  if (errno == ENOENT) return absl::OkStatus();
  return ErrnoError(errno, absl::StrCat("unlink ", path));
}

absl::StatusOr<std::string> ReadTrusted(const std::string& path,
                                        size_t most_bytes) {
  const absl::StatusOr<RegularFile> file = OpenRegular(path, O_NOFOLLOW);
  const int error_number = ErrnoOf(file.status());
  if (error_number == ENOENT) {
    return absl::NotFoundError(absl::StrCat(path, " does not exist"));
  }
  if (error_number == ELOOP) return Refuse(path, "is a symbolic link");
  if (error_number == EISDIR ||
      KindOf(file.status()) == ErrorKind::kNotAModule) {
    return Refuse(path, "is not a regular file");
  }
  if (!file.ok()) return file.status();
  struct stat status = {};
  if (fstat(file->fd.get(), &status) != 0) {
    return ErrnoError(errno, absl::StrCat("stat ", path));
  }
  const absl::string_view why = Distrust(status);
  if (!why.empty()) return Refuse(path, why);
  absl::StatusOr<std::string> bytes = ReadToEnd(*file, path, most_bytes);
  if (ErrnoOf(bytes.status()) == EFBIG) return Refuse(path, "is too large");
  return bytes;
}

}  // namespace klpx
