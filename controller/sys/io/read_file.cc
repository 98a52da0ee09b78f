// SPDX-License-Identifier: GPL-2.0
// Reads files about which nothing is known before they are opened.
#include "controller/sys/io/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/sys/io/errno_status.h"

namespace klpx {
namespace {

// The first buffer holds most files of sysfs and proc whole; it is on the
// stack.
constexpr size_t kFirstBytes = 4096;
constexpr size_t kNextBytes = 1 << 16;

ssize_t ReadSome(int fd, char* buffer, size_t size) {
  for (;;) {
    const ssize_t got = read(fd, buffer, size);
    if (got >= 0 || errno != EINTR) return got;
  }
}

}  // namespace

absl::StatusOr<RegularFile> OpenRegular(const std::string& path, int flags) {
  // O_NONBLOCK: opening a FIFO would wait for a writer.
  UniqueFd fd(
      open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags));
  if (!fd.ok()) return ErrnoError(errno, absl::StrCat("open ", path));
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) {
    return ErrnoError(errno, absl::StrCat("stat ", path));
  }
  if (S_ISDIR(status.st_mode)) {
    return ErrnoError(EISDIR, absl::StrCat("read ", path));
  }
  if (!S_ISREG(status.st_mode)) {
    return Error(ErrorKind::kNotAModule, "read ", path,
                 ": not a regular file (a FIFO, a device, a socket)");
  }
  return RegularFile{std::move(fd), static_cast<uint64_t>(status.st_size)};
}

absl::StatusOr<std::string> ReadToEnd(
    const RegularFile& file, const std::string& path, size_t most,
    absl::FunctionRef<bool(absl::string_view)> go_on) {
  if (file.bytes > most) return ErrnoError(EFBIG, absl::StrCat("read ", path));
  char first[kFirstBytes];
  std::unique_ptr<char[]> next;
  std::string content;
  for (bool begun = false;; begun = true) {
    if (begun && next == nullptr) {
      // A file of proc returns a page per read, however large the buffer is.
      if (file.bytes > kFirstBytes) content.reserve(file.bytes);
      next.reset(new char[kNextBytes]);  // not zeroed
    }
    char* buffer = begun ? next.get() : first;
    const ssize_t got =
        ReadSome(file.fd.get(), buffer, begun ? kNextBytes : kFirstBytes);
    if (got < 0) return ErrnoError(errno, absl::StrCat("read ", path));
    if (got == 0) return content;
    content.append(buffer, static_cast<size_t>(got));
    if (content.size() > most) {
      return ErrnoError(EFBIG, absl::StrCat("read ", path));
    }
    if (!begun && !go_on(content)) return content;
  }
}

absl::StatusOr<std::string> ReadRegular(const std::string& path, size_t most) {
  const absl::StatusOr<RegularFile> file = OpenRegular(path);
  if (!file.ok()) return file.status();
  return ReadToEnd(*file, path, most);
}

}  // namespace klpx
