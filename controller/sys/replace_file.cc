// SPDX-License-Identifier: GPL-2.0
// A file that others read while it is written.
#include "controller/sys/replace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "controller/sys/errno_status.h"
#include "controller/sys/unique_fd.h"

namespace klpx {
namespace {

std::string TemplateFor(const std::string& path) {
  const size_t slash = path.rfind('/');
  const size_t name = slash == std::string::npos ? 0 : slash + 1;
  return absl::StrCat(path.substr(0, name), ".", path.substr(name), ".XXXXXX");
}

bool WriteAll(int fd, absl::string_view contents) {
  while (!contents.empty()) {
    const ssize_t count = write(fd, contents.data(), contents.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    contents.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

}  // namespace

absl::Status ReplaceFile(const std::string& path, absl::string_view contents,
                         mode_t mode) {
  std::string temporary = TemplateFor(path);
  const UniqueFd fd(mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.ok()) {
    return ErrnoError(errno, absl::StrCat(path, ": cannot be written"));
  }
  if (WriteAll(fd.get(), contents) && fchmod(fd.get(), mode) == 0 &&
      rename(temporary.c_str(), path.c_str()) == 0) {
    return absl::OkStatus();
  }
  const int error_number = errno;
  unlink(temporary.c_str());
  return ErrnoError(error_number, absl::StrCat(path, ": cannot be written"));
}

}  // namespace klpx
