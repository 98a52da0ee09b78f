// SPDX-License-Identifier: GPL-2.0
// A file that readers see whole.
#include "controller/sys/replace_file.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/sys/errno_status.h"
#include "controller/sys/unique_fd.h"

namespace klpx {
namespace {

constexpr mode_t kPrivateMode = 0600;
constexpr mode_t kGroupMode = 0640;
constexpr size_t kGroupBufferBytes = 1 << 16;

std::string StrayName(const std::string& path) {
  return absl::StrCat(path, ".new");
}

std::optional<gid_t> GroupId(const std::string& name) {
  group entry = {};
  group* found = nullptr;
  std::vector<char> buffer(kGroupBufferBytes);
  if (getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) !=
          0 ||
      found == nullptr) {
    return std::nullopt;
  }
  return found->gr_gid;
}

absl::Status WriteAll(int fd, absl::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoError(errno, absl::StrCat("write ", path));
    text.remove_prefix(written);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReplaceFile(const std::string& path, absl::string_view text,
                         const std::string& group) {
  const std::string stray = StrayName(path);
  RemoveStray(path);
  UniqueFd file(open(stray.c_str(),
                     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                     kPrivateMode));
  if (!file.ok()) return ErrnoError(errno, absl::StrCat("create ", stray));
  const std::optional<gid_t> gid = GroupId(group);
  if (gid && (fchown(file.get(), -1, *gid) != 0 ||
              fchmod(file.get(), kGroupMode) != 0)) {
    return ErrnoError(errno, absl::StrCat("change the group of ", stray));
  }
  const absl::Status written = WriteAll(file.get(), text, stray);
  if (!written.ok()) return written;
  if (rename(stray.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return ErrnoError(errno, absl::StrCat("rename ", stray));
}

void RemoveStray(const std::string& path) { unlink(StrayName(path).c_str()); }

}  // namespace klpx
