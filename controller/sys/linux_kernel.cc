// SPDX-License-Identifier: GPL-2.0
// The kernel this process runs on: the only file with system calls, besides
// those of the observer.
#include "controller/sys/linux_kernel.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "controller/sys/errno_status.h"
#include "controller/sys/module_file.h"
#include "controller/sys/unique_fd.h"

namespace klpx {
namespace {

constexpr size_t kReadChunkBytes = 1 << 16;
constexpr size_t kMagicBytes = 8;  // enough to know a compressed file
// A record of /dev/kmsg is never longer; a shorter buffer fails with EINVAL.
constexpr size_t kLogRecordBytes = 8192;
// A limit for files that grow while they are read.
constexpr size_t kMaxFileBytes = size_t{1} << 30;

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

bool IsCompressed(const UniqueFd& fd) {
  char start[kMagicBytes];
  const ssize_t got = pread(fd.get(), start, sizeof(start), 0);
  return got > 0 &&
         !CompressionOf(absl::string_view(start, static_cast<size_t>(got)))
              .empty();
}

// By init_module: a kernel decompresses what finit_module gives it only if its
// own modules are compressed the same way, and of xz not what xz(1) makes
// unless it is told (--check=crc32).
absl::Status LoadCompressed(Kernel& kernel, const std::string& path) {
  const absl::StatusOr<std::string> module = ReadModuleFile(kernel, path);
  if (!module.ok()) return module.status();
  if (syscall(SYS_init_module, module->data(), module->size(), "") != 0) {
    return ErrnoError(errno, absl::StrCat("init_module ", path));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> LinuxKernel::ReadFile(const std::string& path) {
  absl::StatusOr<UniqueFd> fd = Open(path, O_RDONLY);
  if (!fd.ok()) return fd.status();
  std::string content;
  while (content.size() < kMaxFileBytes) {
    const size_t size = content.size();
    content.resize(size + kReadChunkBytes);
    const ssize_t got = read(fd->get(), &content[size], kReadChunkBytes);
    const int error_number = errno;
    content.resize(size + (got > 0 ? got : 0));
    if (got == 0) return content;
    if (got < 0 && error_number != EINTR) {
      return ErrnoError(error_number, absl::StrCat("read ", path));
    }
  }
  return ErrnoError(EFBIG, absl::StrCat("read ", path));
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

absl::Status LinuxKernel::LoadModule(const std::string& path) {
  absl::StatusOr<UniqueFd> fd = Open(path, O_RDONLY);
  if (!fd.ok()) return fd.status();
  if (IsCompressed(*fd)) return LoadCompressed(*this, path);
  if (syscall(SYS_finit_module, fd->get(), "", 0) != 0) {
    return ErrnoError(errno, absl::StrCat("finit_module ", path));
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
    // EPIPE: records were overwritten while they were read; go on behind them.
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
