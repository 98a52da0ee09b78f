// SPDX-License-Identifier: GPL-2.0
// What to tell the user while a transition runs.
#include "controller/core/transition/progress.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

constexpr size_t kGroupsShown = 3;
// One line per interval until kManyLines, then one per kSomeInterval until
// kSomeLines, then one per kHeartbeat.
constexpr absl::Duration kManyLines = absl::Seconds(10);
constexpr absl::Duration kSomeLines = absl::Seconds(60);
constexpr absl::Duration kSomeInterval = absl::Seconds(5);

// Threads of one process that block in the same function for the same reason.
struct Group {
  const klpx_task_info* first = nullptr;
  size_t tasks = 0;
};

std::vector<Group> GroupsOf(const std::vector<Blocker>& blockers) {
  std::vector<Group> groups;
  std::map<std::tuple<uint32_t, klpx_reason, std::string>, size_t> places;
  for (const Blocker& blocker : blockers) {
    const klpx_task_info& info = blocker.info;
    // Idle tasks have no process.
    const auto [at, is_new] = places.try_emplace(
        std::tuple(info.pid, info.reason, std::string(info.function)),
        groups.size());
    if (is_new || info.pid == 0) {
      groups.push_back({&info, 1});
    } else {
      groups[at->second].tasks++;
    }
  }
  return groups;
}

std::string NameOf(const Group& group) {
  const klpx_task_info& info = *group.first;
  return group.tasks > 1
             ? absl::StrCat(group.tasks, " threads of ", Printable(info.comm),
                            "/", info.pid)
             : absl::StrCat(Printable(info.comm), "/", info.key.tid);
}

std::string WhyOf(const Group& group) {
  const klpx_task_info& info = *group.first;
  return absl::StrCat(" ", ReasonWord(info.reason),
                      info.function[0] == '\0' ? "" : " ",
                      Printable(info.function));
}

// The first groups, and how many more tasks there are.
std::string Left(const std::vector<Group>& groups, uint64_t left, size_t most,
                 bool with_why) {
  std::string text;
  uint64_t named = 0;
  for (size_t i = 0; i < std::min(groups.size(), most); i++) {
    absl::StrAppend(&text, i == 0 ? ", left: " : ", ", NameOf(groups[i]),
                    with_why ? WhyOf(groups[i]) : "");
    named += groups[i].tasks;
  }
  if (named > 0 && left > named) {
    absl::StrAppend(&text, " and ", left - named, " more");
  }
  return text;
}

std::string Head(const Progress& progress) {
  if (!progress.counts) {
    return absl::StrCat(
        progress.patch, ": ", DirectionWord(progress.patching),
        progress.looked
            ? absl::StrCat(", ", Count(progress.pending, "task"), " left")
            : "");
  }
  // Forks add to what is pending, so the total may lag behind it.
  const uint64_t total = std::max(progress.tasks, progress.pending);
  return absl::StrCat(progress.patch, ": ", DirectionWord(progress.patching),
                      " ", total - progress.pending, "/", total, " tasks, ",
                      ShortDuration(progress.elapsed_ms));
}

// What makes a new line due when it changes: everything but the time.
std::string StateOf(const Progress& progress) {
  return absl::StrCat(DirectionWord(progress.patching), progress.tasks, "/",
                      progress.pending,
                      Left(GroupsOf(progress.blockers), progress.pending,
                           kGroupsShown, /*with_why=*/true));
}

absl::string_view AfterTimeout(TimeoutAct act) {
  switch (act) {
    case TimeoutAct::kLeave:
      return "then leaves it running";
    case TimeoutAct::kReverse:
      return "then reverses it";
    case TimeoutAct::kForce:
      return "then forces it";
  }
  return "";
}

}  // namespace

Progress ProgressOf(const PatchState& patch, std::vector<Blocker> blockers) {
  return {patch.name,
          patch.enabled,
          patch.tasks.value_or(0),
          patch.pending.value_or(0),
          patch.elapsed_ms.value_or(0),
          std::move(blockers),
          RowOf(patch.engine).keeps_records,
          patch.pending.has_value()};
}

std::string ProgressLine(const Progress& progress, size_t columns) {
  const std::string head = Head(progress);
  const std::vector<Group> groups = GroupsOf(progress.blockers);
  // The counts were read before the names, which may be fewer.
  const uint64_t left =
      std::max<uint64_t>(progress.pending, progress.blockers.size());
  for (size_t most = kGroupsShown; most > 0; most--) {
    std::string line =
        absl::StrCat(head, Left(groups, left, most, /*with_why=*/true));
    if (line.size() <= columns) return line;
  }
  std::string line =
      absl::StrCat(head, Left(groups, left, 1, /*with_why=*/false));
  return line.size() <= columns ? line : FitTo(head, columns);
}

std::string LimitLine(const std::string& patch, absl::Duration timeout,
                      TimeoutAct act) {
  if (timeout == absl::InfiniteDuration()) {
    return absl::StrCat(patch,
                        ": no time limit (--timeout sets one); ^C leaves it "
                        "running");
  }
  return absl::StrCat(patch, ": waits up to ", absl::FormatDuration(timeout),
                      ", ", AfterTimeout(act), "; ^C leaves it running");
}

std::string CompletionLine(const Progress& progress) {
  const double seconds = static_cast<double>(progress.elapsed_ms) / 1000;
  if (progress.tasks == 0) {
    return absl::StrFormat("%s: %s complete in %.2f s", progress.patch,
                           DirectionWord(progress.patching), seconds);
  }
  return absl::StrFormat("%s: %s complete, %s in %.2f s", progress.patch,
                         DirectionWord(progress.patching),
                         Count(progress.tasks, "task"), seconds);
}

bool ProgressPacer::IsDue(const Progress& progress, absl::Duration now) {
  if (!first_) first_ = now;
  if (last_ && now - *last_ < IntervalAt(now - *first_)) return false;
  std::string state = StateOf(progress);
  if (last_ && state == shown_ && now - *last_ < kHeartbeat) return false;
  shown_ = std::move(state);
  last_ = now;
  return true;
}

// Keeps a log of hours from filling up with names that come and go.
absl::Duration ProgressPacer::IntervalAt(absl::Duration running) const {
  if (running < kManyLines) return interval_;
  return std::max(interval_, running < kSomeLines ? kSomeInterval : kHeartbeat);
}

}  // namespace klpx
