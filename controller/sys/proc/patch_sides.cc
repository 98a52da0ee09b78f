// SPDX-License-Identifier: GPL-2.0
// On which side of a transition of the kernel's own livepatch the tasks are.
#include "controller/sys/proc/patch_sides.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "controller/sys/proc/pid_namespace.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

// The kernel marks the tasks, which go then, patches its scheduler's code (a
// key), and after that says that the patch is enabled.
constexpr absl::Duration kSurelySaid = absl::Milliseconds(250);
constexpr absl::Duration kStep = absl::Milliseconds(25);

std::vector<std::string> Numbers(Kernel& kernel, const std::string& dir) {
  std::vector<std::string> names =
      kernel.ListDirectory(dir).value_or(std::vector<std::string>());
  std::erase_if(names, [](const std::string& name) {
    return name.empty() || !absl::ascii_isdigit(name.front());
  });
  return names;
}

bool Stands(Kernel& kernel, const LivepatchFact& fact) {
  for (const LivepatchFact& now : ReadLivepatches(kernel)) {
    if (now.patch == fact.patch) return now.enabled == fact.enabled;
  }
  return false;
}

// Does the patch stand where it stood before the tasks were read, and stay
// there?
bool IsStill(Kernel& kernel, const LivepatchFact& fact) {
  const absl::Duration end = kernel.Monotonic() + kSurelySaid;
  while (Stands(kernel, fact)) {
    if (kernel.Monotonic() >= end) return true;
    kernel.Sleep(kStep);
  }
  return false;
}

enum class Found { kNoSides, kNobody, kSomebody };

// A task on this side; -1, of tasks in no transition, is none.
Found LookFor(Kernel& kernel, absl::string_view side) {
  // Tasks that are not seen may be on this side.
  if (!ProcShowsAllTasks(kernel)) return Found::kNoSides;
  bool any = false;
  for (const std::string& pid : Numbers(kernel, "/proc")) {
    const std::string tasks = absl::StrCat("/proc/", pid, "/task");
    for (const std::string& tid : Numbers(kernel, tasks)) {
      const auto has =
          kernel.ReadFile(absl::StrCat(tasks, "/", tid, "/patch_state"));
      if (!has.ok()) continue;
      any = true;
      if (absl::StripAsciiWhitespace(*has) == side) return Found::kSomebody;
    }
  }
  return any ? Found::kNobody : Found::kNoSides;
}

}  // namespace

bool IsUnderWay(Kernel& kernel, const LivepatchFact& fact) {
  switch (LookFor(kernel, fact.enabled ? "0" : "1")) {
    case Found::kNoSides:
      return true;
    case Found::kNobody:
      // On the way in to a patch the kernel may take long to prepare, with all
      // tasks on the side of `enabled`; on the way out it does not.
      return fact.enabled && IsStill(kernel, fact);
    case Found::kSomebody:
      return IsStill(kernel, fact);
  }
  return true;
}

void ReadLivepatchFacts(Kernel& kernel, EngineFacts& facts) {
  facts.livepatches = ReadLivepatches(kernel);
  facts.is_under_way = [&kernel](const LivepatchFact& fact) {
    return IsUnderWay(kernel, fact);
  };
}

}  // namespace klpx
