// SPDX-License-Identifier: GPL-2.0
// The kernel this process runs on.
#include "controller/sys/proc/linux_kernel.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "controller/sys/io/durable_file.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/io/read_file.h"
#include "controller/sys/io/unique_fd.h"
#include "controller/sys/proc/module_file.h"

namespace klpx {
namespace {

// A record of /dev/kmsg is never longer; a shorter buffer fails with EINVAL.
constexpr size_t kLogRecordBytes = 8192;

volatile sig_atomic_t interrupted = 0;

void OnInterrupt(int) { interrupted = 1; }

timespec ClockNow(clockid_t clock) {
  timespec now = {};
  clock_gettime(clock, &now);
  return now;
}

absl::StatusOr<UniqueFd> Open(const std::string& path, int flags) {
  UniqueFd fd(open(path.c_str(), flags | O_CLOEXEC));
  if (!fd.ok()) return ErrnoError(errno, absl::StrCat("open ", path));
  return fd;
}

// Do the bytes begin like a module, or like a compressed one?
bool BeginsLikeAModule(absl::string_view bytes) {
  return absl::StartsWith(bytes, ELFMAG) || !CompressionOf(bytes).empty();
}

}  // namespace

absl::StatusOr<std::string> LinuxKernel::ReadFile(const std::string& path) {
  return ReadRegular(path, kMaxModuleBytes);
}

absl::StatusOr<std::string> LinuxKernel::ReadModule(const std::string& path) {
  const absl::StatusOr<RegularFile> file = OpenRegular(path);
  if (!file.ok()) return file.status();
  return ReadToEnd(*file, path, kMaxModuleBytes, BeginsLikeAModule);
}

absl::Status LinuxKernel::WriteFile(const std::string& path,
                                    absl::string_view value) {
  absl::StatusOr<UniqueFd> fd = Open(path, O_WRONLY);
  if (!fd.ok()) return fd.status();
  const ssize_t written = write(fd->get(), value.data(), value.size());
  if (written < 0) return ErrnoError(errno, absl::StrCat("write ", path));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> LinuxKernel::ListDirectory(
    const std::string& path) {
  std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(path.c_str()), closedir);
  if (!dir) return ErrnoError(errno, absl::StrCat("open ", path));
  std::vector<std::string> names;
  while (const dirent* entry = readdir(dir.get())) {
    const absl::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool LinuxKernel::Exists(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

bool LinuxKernel::IsSymlink(const std::string& path) {
  struct stat found = {};
  return lstat(path.c_str(), &found) == 0 && S_ISLNK(found.st_mode);
}

absl::Status LinuxKernel::CheckTrusted(const std::string& path) {
  return CheckTrustedFile(path);
}

// Not by finit_module, which would read the file again: its content may have
// changed since it was checked. (finit_module would also decompress only the
// format of the kernel's own modules.)
absl::Status LinuxKernel::LoadModule(const std::string& path,
                                     absl::string_view module) {
  if (syscall(SYS_init_module, module.data(), module.size(), "") != 0) {
    return ErrnoError(errno, absl::StrCat("init_module ", path));
  }
  return absl::OkStatus();
}

absl::Status LinuxKernel::UnloadModule(const std::string& name) {
  if (syscall(SYS_delete_module, name.c_str(), O_NONBLOCK) != 0) {
    return ErrnoError(errno, absl::StrCat("delete_module ", name));
  }
  return absl::OkStatus();
}

std::string LinuxKernel::ReadKernelLog() {
  absl::StatusOr<UniqueFd> fd = Open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
  if (!fd.ok()) return "";
  std::string log;
  char record[kLogRecordBytes];
  for (;;) {
    const ssize_t got = read(fd->get(), record, sizeof(record));
    if (got > 0) log.append(record, got);
    // EPIPE: records were overwritten during the read; continue after them.
    if (got < 0 && errno != EPIPE && errno != EINTR) return log;
    if (got == 0) return log;
  }
}

bool LinuxKernel::IsRoot() { return geteuid() == 0; }

Host LinuxKernel::ReadHost() {
  utsname names = {};
  uname(&names);
  const absl::StatusOr<std::string> boot_id =
      ReadFile("/proc/sys/kernel/random/boot_id");
  Host host;
  host.name = names.nodename;
  host.kernel = names.release;
  host.boot_id =
      boot_id.ok() ? std::string(absl::StripAsciiWhitespace(*boot_id)) : "";
  host.time = absl::Now();
  host.monotonic_ns = absl::ToInt64Nanoseconds(Monotonic());
  return host;
}

absl::Duration LinuxKernel::Monotonic() {
  return absl::DurationFromTimespec(ClockNow(CLOCK_MONOTONIC));
}

void LinuxKernel::Sleep(absl::Duration duration) {
  if (interrupted) return;
  const timespec wait = absl::ToTimespec(duration);
  nanosleep(&wait, nullptr);
}

bool LinuxKernel::Interrupted() { return interrupted != 0; }

void CatchInterrupts() {
  struct sigaction action = {};
  action.sa_handler = OnInterrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace klpx
