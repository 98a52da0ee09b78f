// SPDX-License-Identifier: GPL-2.0
// Reads on which side of a transition of the kernel's own livepatch tasks are.
#include "controller/sys/proc/patch_sides.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "controller/sys/proc/pid_namespace.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

// When a transition starts, the kernel first marks the tasks, which may switch
// from then on, then patches the scheduler's code (a static key), and only then
// changes `enabled`. It has done that after this time.
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

// Is `enabled` still what it was before the tasks were read, and does it stay
// so?
bool IsStill(Kernel& kernel, const LivepatchFact& fact) {
  const absl::Duration end = kernel.Monotonic() + kSurelySaid;
  while (Stands(kernel, fact)) {
    if (kernel.Monotonic() >= end) return true;
    kernel.Sleep(kStep);
  }
  return false;
}

enum class Found { kNoSides, kNobody, kSomebody };

// Looks for a task on this side; the -1 of tasks without a transition is
// neither side.
Found LookFor(Kernel& kernel, absl::string_view side) {
  // Tasks outside this PID namespace may be on this side.
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
      // The kernel may take long to prepare the enabling of a patch, with all
      // tasks on the side of `enabled`; disabling needs no such preparation.
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
