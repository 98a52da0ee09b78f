// SPDX-License-Identifier: GPL-2.0
// Tells in which PID namespace this process is, and which one /proc shows.
#include "controller/sys/proc/pid_namespace.h"

#include <unistd.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "controller/core/base/error.h"
#include "controller/sys/proc/initiator.h"

namespace klpx {
namespace {

constexpr char kOwnNamespace[] = "/proc/self/ns/pid";
// PROC_PID_INIT_INO of include/linux/proc_ns.h: part of the kernel's ABI.
constexpr absl::string_view kFirst = "pid:[4026531836]";

// kthreadd has this number in the first namespace; no other namespace has a
// kernel thread.
constexpr char kSecondTask[] = "/proc/2/stat";
constexpr char kOwnStat[] = "/proc/self/stat";
// include/linux/sched.h, in field 9 of stat.
constexpr uint64_t kKthreadFlag = 0x00200000;
constexpr size_t kFlagsField = 7;  // after the name in parentheses

std::optional<bool> IsKthread(absl::string_view stat) {
  const size_t name_end = stat.rfind(')');
  if (name_end == absl::string_view::npos) return std::nullopt;
  const std::vector<absl::string_view> fields =
      absl::StrSplit(stat.substr(name_end + 1), ' ', absl::SkipEmpty());
  uint64_t flags = 0;
  if (fields.size() < kFlagsField ||
      !absl::SimpleAtoi(fields[kFlagsField - 1], &flags)) {
    return std::nullopt;
  }
  return (flags & kKthreadFlag) != 0;
}

}  // namespace

bool IsFirstPidNamespace(absl::string_view link) { return link == kFirst; }

absl::Status CheckSeesAllTasks() {
  char link[64];
  const ssize_t size = readlink(kOwnNamespace, link, sizeof(link));
  if (size < 0 || IsFirstPidNamespace({link, static_cast<size_t>(size)})) {
    return absl::OkStatus();
  }
  return Error(
      ErrorKind::kBpfRefused,
      "klp-controller runs in a PID namespace of its own (a container) "
      "and cannot see the tasks outside it; run it on the host");
}

bool ProcShowsAllTasks(Kernel& kernel) {
  const absl::StatusOr<std::string> second = kernel.ReadFile(kSecondTask);
  if (second.ok()) return IsKthread(*second).value_or(true);
  // Without a task of that number this is not the first namespace, if there is
  // a /proc at all.
  return !kernel.ReadFile(kOwnStat).ok();
}

bool IsThatTask(Kernel& kernel, const klpx_task_key& key) {
  const std::optional<uint64_t> start = ProcessStart(kernel, key.tid);
  return start && *start == key.start_ns / kTickNs;
}

}  // namespace klpx
