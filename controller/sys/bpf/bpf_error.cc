// SPDX-License-Identifier: GPL-2.0
// Features are probed by trying them, never by reading the kernel's .config,
// which may be missing.
#include "controller/sys/bpf/bpf_error.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"

namespace klpx {
namespace {

constexpr size_t kLogBytesMax = 1 << 20;

// libbpf's callback has no context.
std::mutex log_owner;
std::string log_text;
libbpf_print_fn_t print_before;

__attribute__((format(printf, 2, 0))) int Capture(libbpf_print_level level,
                                                  const char* format,
                                                  va_list arguments) {
  if (level == LIBBPF_DEBUG || log_text.size() > kLogBytesMax) return 0;
  va_list again;
  va_copy(again, arguments);
  const int size = std::vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (size <= 0) return 0;
  std::vector<char> line(size + 1);
  std::vsnprintf(line.data(), line.size(), format, arguments);
  log_text.append(line.data(), size);
  return size;
}

bool Exists(const char* path) { return access(path, F_OK) == 0; }

std::string FileText(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The kernel option that is missing, or "".
absl::string_view MissingConfig() {
  if (libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_TRACING, nullptr) == 0) {
    return "CONFIG_BPF_EVENTS";
  }
  if (libbpf_probe_bpf_map_type(BPF_MAP_TYPE_RINGBUF, nullptr) == 0) {
    return "CONFIG_BPF_SYSCALL with ring buffers (Linux 5.8)";
  }
  return "";
}

// The verifier ends with statistics; its reason is the line before them.
std::string VerifierReason(const std::vector<absl::string_view>& lines) {
  for (size_t i = 1; i < lines.size(); ++i) {
    if (absl::StartsWith(lines[i], "processed ")) {
      return std::string(lines[i - 1]);
    }
  }
  return "";
}

}  // namespace

LibbpfLog::LibbpfLog() {
  log_owner.lock();
  log_text.clear();
  print_before = libbpf_set_print(Capture);
}

LibbpfLog::~LibbpfLog() {
  libbpf_set_print(print_before);
  log_owner.unlock();
}

std::string LibbpfLog::Cause() const {
  const std::vector<absl::string_view> lines =
      absl::StrSplit(log_text, '\n', absl::SkipWhitespace());
  if (lines.empty()) return "";
  const absl::string_view first = absl::StripPrefix(lines.front(), "libbpf: ");
  const std::string reason = VerifierReason(lines);
  if (reason.empty()) return std::string(first);
  return absl::StrCat(first, ": ", reason);
}

absl::Status CheckBpfPossible() {
  if (geteuid() != 0) {
    return Error(ErrorKind::kNotPermitted, "BPF observer: needs root");
  }
  if (!Exists("/sys/fs/bpf")) {
    return Error(ErrorKind::kKernelLacks,
                 "BPF observer: the kernel lacks CONFIG_BPF_SYSCALL");
  }
  if (!Exists("/sys/kernel/btf/vmlinux")) {
    return Error(ErrorKind::kKernelLacks,
                 "BPF observer: the kernel lacks CONFIG_DEBUG_INFO_BTF");
  }
  if (!Exists("/sys/kernel/btf/" KLPX_MODULE_NAME)) {
    return Error(ErrorKind::kKernelLacks,
                 "BPF observer: klpx.ko has no BTF: build it with the vmlinux "
                 "of the linux-headers package in place, for a kernel with "
                 "CONFIG_DEBUG_INFO_BTF_MODULES");
  }
  return absl::OkStatus();
}

absl::Status BpfRefused(absl::string_view operation, int error,
                        const LibbpfLog& log) {
  const std::string cause = log.Cause();
  std::string what = absl::StrCat("BPF observer: ", operation,
                                  " refused: ", std::strerror(error));
  // libbpf's own guess at an EPERM names the wrong things.
  if (error != EPERM && !cause.empty()) absl::StrAppend(&what, ": ", cause);
  const std::string lockdown = FileText("/sys/kernel/security/lockdown");
  if (absl::StrContains(lockdown, "[confidentiality]")) {
    return Error(ErrorKind::kBpfRefused, what,
                 " (kernel lockdown is 'confidentiality', which forbids BPF to "
                 "read kernel memory; 'integrity' is enough)");
  }
  if (error == ENOSYS) {
    return Error(ErrorKind::kKernelLacks, what,
                 " (the kernel lacks CONFIG_BPF_SYSCALL)");
  }
  if (error == EPERM) {
    return Error(ErrorKind::kBpfRefused, what,
                 " (needs CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN, and no "
                 "seccomp filter or LSM that forbids bpf(2))");
  }
  const absl::string_view missing = MissingConfig();
  if (!missing.empty()) {
    return Error(ErrorKind::kKernelLacks, what, " (the kernel lacks ", missing,
                 ")");
  }
  return Error(ErrorKind::kBpfRefused, what);
}

}  // namespace klpx
