// SPDX-License-Identifier: GPL-2.0
// The tasks that hold up a transition, with what /proc knows of them.
#include "controller/ops/kernel/blockers.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "controller/core/kernel/file_parsers.h"
#include "controller/sys/proc/pid_namespace.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

// How long the engine may take to look at all tasks again.
constexpr absl::Duration kKickTime = absl::Milliseconds(50);

// Tasks never seen to block come last.
auto SortKey(const Blocker& blocker) {
  const klpx_task_info& info = blocker.info;
  return std::tuple(info.since_ns == 0, info.since_ns, info.key.tid,
                    info.key.idle_cpu);
}

}  // namespace

absl::StatusOr<std::vector<Blocker>> ReadBlockers(BlockerSource& source,
                                                  const std::string& patch) {
  PatchState one;
  one.name = patch;
  return ReadBlockersOf(source, {one});
}

absl::StatusOr<std::vector<Blocker>> ReadBlockersOf(
    BlockerSource& source, const std::vector<PatchState>& patches) {
  const absl::StatusOr<std::vector<klpx_task_info>> tasks =
      source.ReadTaskState();
  if (!tasks.ok()) return tasks.status();
  std::vector<Blocker> blockers;
  for (const klpx_task_info& info : *tasks) {
    const bool wanted = std::any_of(
        patches.begin(), patches.end(),
        [&](const PatchState& patch) { return patch.name == info.patch; });
    if (!wanted) continue;
    Blocker blocker;
    blocker.info = info;
    blockers.push_back(std::move(blocker));
  }
  std::sort(blockers.begin(), blockers.end(),
            [](const Blocker& a, const Blocker& b) {
              return SortKey(a) < SortKey(b);
            });
  return blockers;
}

std::vector<Blocker> BlockersOf(const std::vector<Blocker>& blockers,
                                const PatchState& patch) {
  std::vector<Blocker> found;
  for (const Blocker& blocker : blockers) {
    if (patch.name == blocker.info.patch) found.push_back(blocker);
  }
  return found;
}

void CountPending(const std::vector<Blocker>& blockers, PatchState& patch) {
  if (RowOf(patch.engine).keeps_records || !patch.transition) return;
  patch.pending = blockers.size();
}

void FillIfEmpty(Kernel& kernel, BlockerSource& source,
                 const PatchState& patch) {
  const auto blockers = ReadBlockers(source, patch.name);
  if (!blockers.ok() || !blockers->empty()) return;
  if (!RowOf(patch.engine).pushes_tasks) return;
  if (patch.pending.value_or(0) == 0) return;
  if (WriteAttribute(kernel, patch.name, "kick", "1").ok()) {
    kernel.Sleep(kKickTime);
  }
}

void AddProcFacts(Kernel& kernel, std::vector<Blocker>& blockers) {
  // Not getpwuid(): that may ask a server and wait for it.
  const std::string users =
      blockers.empty() ? "" : kernel.ReadFile("/etc/passwd").value_or("");
  for (Blocker& blocker : blockers) {
    // Idle tasks have no entry in /proc.
    if (blocker.info.key.tid == 0) continue;
    const std::string dir = absl::StrCat("/proc/", blocker.info.key.tid);
    const auto cgroup = kernel.ReadFile(absl::StrCat(dir, "/cgroup"));
    const auto cmdline = kernel.ReadFile(absl::StrCat(dir, "/cmdline"));
    const auto status = kernel.ReadFile(absl::StrCat(dir, "/status"));
    // By now, or in this PID namespace, the number may belong to another task.
    if (!IsThatTask(kernel, blocker.info.key)) continue;
    if (cgroup.ok()) blocker.cgroup = CgroupPath(*cgroup);
    if (const auto uids = ParseUids(status.value_or(""))) {
      blocker.uid = uids->effective;
    }
    if (blocker.uid) blocker.user = UserName(users, *blocker.uid);
    if (!cmdline.ok()) continue;
    const absl::string_view nul("\0", 1);
    blocker.cmdline = absl::StrReplaceAll(*cmdline, {{nul, " "}});
    absl::StripTrailingAsciiWhitespace(&blocker.cmdline);
  }
}

}  // namespace klpx
