// SPDX-License-Identifier: GPL-2.0
// The order of the blocking tasks.
#include "controller/view/task_order.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

template <typename T>
int Compare(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

// Tasks that were never seen blocking come last.
int CompareAge(const klpx_task_info& a, const klpx_task_info& b) {
  const int seen = Compare(a.since_ns == 0, b.since_ns == 0);
  return seen != 0 ? seen : Compare(a.since_ns, b.since_ns);
}

int CompareBy(Order order, const Blocker& x, const Blocker& y) {
  const klpx_task_info& a = x.info;
  const klpx_task_info& b = y.info;
  switch (order) {
    case Order::kAge:
      return CompareAge(a, b);
    case Order::kTid:
      return Compare(a.key.tid, b.key.tid);
    case Order::kPid:
      return Compare(a.pid, b.pid);
    case Order::kComm:
      return std::strncmp(a.comm, b.comm, sizeof(a.comm));
    case Order::kState:
      return TaskStateLetter(a.task_state)
          .compare(TaskStateLetter(b.task_state));
    case Order::kReason:
      return ReasonWord(a.reason).compare(ReasonWord(b.reason));
    case Order::kFunction:
      return std::strncmp(a.function, b.function, sizeof(a.function));
    case Order::kSignals:
      return Compare(b.signals, a.signals);
    case Order::kCpu:
      return Compare(a.cpu, b.cpu);
    case Order::kCgroup:
      return x.cgroup.compare(y.cgroup);
  }
  return 0;
}

int CompareIdentity(const Blocker& a, const Blocker& b) {
  const int age = CompareAge(a.info, b.info);
  if (age != 0) return age;
  const int tid = Compare(a.info.key.tid, b.info.key.tid);
  return tid != 0 ? tid : Compare(a.info.key.idle_cpu, b.info.key.idle_cpu);
}

}  // namespace

void SortTasks(std::vector<const Blocker*>& tasks, Order order, bool inverted) {
  std::sort(tasks.begin(), tasks.end(),
            [order, inverted](const Blocker* a, const Blocker* b) {
              const int by = CompareBy(order, *a, *b);
              if (by != 0) return inverted ? by > 0 : by < 0;
              return CompareIdentity(*a, *b) < 0;
            });
}

std::string GroupOf(const Blocker& blocker, Grouping grouping) {
  switch (grouping) {
    case Grouping::kNone:
      return "";
    case Grouping::kFunction:
      return blocker.info.function;
    case Grouping::kReason:
      return std::string(ReasonWord(blocker.info.reason));
    case Grouping::kProcess:
      return absl::StrCat(blocker.info.pid);
    case Grouping::kCgroup:
      return blocker.cgroup;
  }
  return "";
}

std::string GroupTitle(const Blocker& blocker, Grouping grouping) {
  const std::string group = GroupOf(blocker, grouping);
  if (grouping == Grouping::kProcess) {
    if (blocker.info.pid == 0) return "idle tasks";
    return absl::StrCat("process ", group, " ", blocker.info.comm);
  }
  if (!group.empty()) return group;
  return grouping == Grouping::kFunction ? "(in no function that is replaced)"
                                         : "(not known)";
}

bool Matches(const Blocker& blocker, absl::string_view filter) {
  if (filter.empty()) return true;
  const klpx_task_info& info = blocker.info;
  const std::string all = absl::AsciiStrToLower(absl::StrCat(
      info.key.tid, " ", info.pid, " ", info.comm, " ", ReasonWord(info.reason),
      " ", info.function, " ", blocker.cgroup, " ", blocker.cmdline));
  for (const absl::string_view word :
       absl::StrSplit(filter, ' ', absl::SkipEmpty())) {
    if (!absl::StrContains(all, word)) return false;
  }
  return true;
}

}  // namespace klpx
