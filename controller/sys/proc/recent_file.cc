// SPDX-License-Identifier: GPL-2.0
// Watches the engine's list of recent transitions.
#include "controller/sys/proc/recent_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/sys/io/errno_status.h"

namespace klpx {
namespace {

constexpr char kRecentFile[] = KLPX_STATS_DIR "/recent";
// More than a sysfs attribute can hold.
constexpr size_t kTextBytes = 1 << 16;

}  // namespace

absl::StatusOr<std::string> RecentFile::Read() {
  std::string text(kTextBytes, '\0');
  // If klpx.ko was unloaded, its file answers ENODEV: then open that of a
  // klpx.ko that was loaded since.
  for (int attempt = 0; attempt < 2; attempt++) {
    if (!file_.ok()) {
      file_ = UniqueFd(open(kRecentFile, O_RDONLY | O_CLOEXEC));
      if (!file_.ok()) break;
    }
    const ssize_t got = pread(file_.get(), text.data(), text.size(), 0);
    if (got >= 0) {
      text.resize(got);
      return text;
    }
    const int error_number = errno;
    file_ = UniqueFd(-1);
    if (error_number != ENODEV && error_number != ENOENT) {
      return ErrnoError(error_number, absl::StrCat("read ", kRecentFile));
    }
  }
  return absl::NotFoundError("klpx.ko is not loaded");
}

}  // namespace klpx
