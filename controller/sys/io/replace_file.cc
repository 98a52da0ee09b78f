// SPDX-License-Identifier: GPL-2.0
// Replaces a file that other processes may be reading.
#include "controller/sys/io/replace_file.h"

#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {
namespace {

constexpr mode_t kGroupReads = 0040;
constexpr size_t kGroupBufferBytes = 1 << 16;

// The beginning of the names of temporary files for path, in its directory.
std::string StemFor(const std::string& path) {
  const size_t slash = path.rfind('/');
  const size_t name = slash == std::string::npos ? 0 : slash + 1;
  return absl::StrCat(path.substr(0, name), ".", path.substr(name), ".");
}

std::optional<gid_t> GroupId(const std::string& name) {
  if (name.empty()) return std::nullopt;
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

bool WriteAll(int fd, absl::string_view contents) {
  while (!contents.empty()) {
    const ssize_t count = write(fd, contents.data(), contents.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    contents.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

// Sets group and mode before the content, so that no process without the right
// can read it.
bool Fill(int fd, absl::string_view contents, const NewFile& how) {
  const std::optional<gid_t> gid = GroupId(how.group);
  if (gid && fchown(fd, -1, *gid) != 0) return false;
  return fchmod(fd, gid ? how.mode | kGroupReads : how.mode) == 0 &&
         WriteAll(fd, contents) && (!how.durable || fsync(fd) == 0);
}

}  // namespace

absl::Status ReplaceFile(const std::string& path, absl::string_view contents,
                         const NewFile& how) {
  std::string temporary = absl::StrCat(StemFor(path), "XXXXXX");
  const UniqueFd fd(mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.ok()) {
    return ErrnoError(errno, absl::StrCat(path, ": cannot be written"));
  }
  if (Fill(fd.get(), contents, how) &&
      rename(temporary.c_str(), path.c_str()) == 0) {
    return absl::OkStatus();
  }
  const int error_number = errno;
  unlink(temporary.c_str());
  return ErrnoError(error_number, absl::StrCat(path, ": cannot be written"));
}

void RemoveStrays(const std::string& path) {
  glob_t found = {};
  const absl::Cleanup release = [&found] { globfree(&found); };
  const std::string pattern = absl::StrCat(StemFor(path), "??????");
  if (glob(pattern.c_str(), 0, nullptr, &found) != 0) return;
  for (size_t i = 0; i < found.gl_pathc; i++) unlink(found.gl_pathv[i]);
}

}  // namespace klpx
