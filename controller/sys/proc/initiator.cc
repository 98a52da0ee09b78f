// SPDX-License-Identifier: GPL-2.0
// Which user runs this process.
#include "controller/sys/proc/initiator.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace klpx {
namespace {

// The loginuid of a process that belongs to no login.
constexpr uint32_t kNoLogin = UINT32_MAX;
// The field in /proc/PID/stat, counted after the name in parentheses.
constexpr size_t kStartField = 20;
constexpr size_t kUserBufferBytes = 16384;

std::string UserName(uid_t uid) {
  passwd entry = {};
  passwd* found = nullptr;
  std::vector<char> buffer(kUserBufferBytes);
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 ||
      found == nullptr) {
    return "";
  }
  return found->pw_name;
}

std::optional<uint32_t> LoginUid(Kernel& kernel) {
  const absl::StatusOr<std::string> text =
      kernel.ReadFile("/proc/self/loginuid");
  uint32_t uid = 0;
  if (!text.ok() ||
      !absl::SimpleAtoi(absl::StripAsciiWhitespace(*text), &uid) ||
      uid == kNoLogin) {
    return std::nullopt;
  }
  return uid;
}

std::string Terminal() {
  for (const int fd : {STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO}) {
    char name[256];
    if (ttyname_r(fd, name, sizeof(name)) == 0) {
      return std::string(absl::StripPrefix(name, "/dev/"));
    }
  }
  return "";
}

}  // namespace

Initiator ReadInitiator(Kernel& kernel, absl::string_view by,
                        absl::string_view verb) {
  Initiator initiator;
  initiator.by = std::string(by);
  initiator.verb = std::string(verb);
  initiator.uid = getuid();
  initiator.user = UserName(getuid());
  initiator.login_uid = LoginUid(kernel);
  const char* sudo_user = getenv("SUDO_USER");
  if (sudo_user != nullptr) initiator.sudo_user = sudo_user;
  initiator.tty = Terminal();
  initiator.pid = static_cast<uint32_t>(getpid());
  initiator.pid_start = ProcessStart(kernel, initiator.pid).value_or(0);
  return initiator;
}

// Reads /proc/PID/task/PID/stat rather than /proc/PID/stat, for which the
// kernel adds up the times of all threads of the process: for each of 20,000
// threads, that takes minutes.
std::optional<uint64_t> ProcessStart(Kernel& kernel, uint32_t pid) {
  const absl::StatusOr<std::string> text =
      kernel.ReadFile(absl::StrCat("/proc/", pid, "/task/", pid, "/stat"));
  if (!text.ok()) return std::nullopt;
  // The name may contain anything, even parentheses.
  const size_t name_end = text->rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  const std::vector<std::string> fields =
      absl::StrSplit(text->substr(name_end + 1), ' ', absl::SkipEmpty());
  uint64_t start = 0;
  if (fields.size() < kStartField ||
      !absl::SimpleAtoi(fields[kStartField - 1], &start)) {
    return std::nullopt;
  }
  return start;
}

}  // namespace klpx
