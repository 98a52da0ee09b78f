// SPDX-License-Identifier: GPL-2.0
// The columns of the list of tasks.
#include "controller/view/columns.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "controller/core/base/text.h"
#include "controller/core/report/report_json.h"

namespace klpx {
namespace {

// The least width of each column, and the order in which columns are dropped:
// the highest rank first.
struct Kind {
  Order order;
  absl::string_view title;
  int least;
  int rank;
};
constexpr Kind kKinds[] = {
    {Order::kTid, "TID", 3, 0},       {Order::kPid, "PID", 3, 8},
    {Order::kComm, "COMM", 8, 1},     {Order::kState, "S", 1, 5},
    {Order::kReason, "REASON", 8, 2}, {Order::kFunction, "FUNCTION", 8, 3},
    {Order::kAge, "AGE", 6, 4},       {Order::kCpu, "CPU", 3, 7},
    {Order::kSignals, "SIG", 3, 6},   {Order::kCgroup, "CGROUP", 16, 9},
};
constexpr int kKindCount = std::size(kKinds);

// "59m59s".
constexpr size_t kAgeWidth = 6;

size_t Digits(uint32_t number) {
  size_t digits = 1;
  for (; number > 9; number /= 10) digits++;
  return digits;
}

struct Fit {
  const Kind* kind;
  int natural;
  int width = 0;
};

std::string Text(Order order, const Blocker& blocker, const Sample& sample) {
  const klpx_task_info& info = blocker.info;
  switch (order) {
    case Order::kTid:
      return absl::StrCat(info.key.tid);
    case Order::kPid:
      return absl::StrCat(info.pid);
    case Order::kComm:
      return info.comm;
    case Order::kState:
      return sample.recorded ? "-" : TaskStateLetter(info.task_state);
    case Order::kReason:
      return std::string(ReasonWord(info.reason));
    case Order::kFunction:
      return info.function[0] == '\0' ? "-" : info.function;
    case Order::kAge: {
      const auto age = AgeMs(info, sample.host.monotonic_ns);
      return age ? ShortDuration(*age) : "-";
    }
    case Order::kCpu:
      return sample.recorded ? "-" : absl::StrCat(info.cpu);
    case Order::kSignals:
      return absl::StrCat(info.signals);
    case Order::kCgroup:
      return blocker.cgroup.empty() ? "-" : blocker.cgroup;
  }
  return "";
}

int Total(const std::vector<Fit>& fits, int Fit::* width) {
  int total = static_cast<int>(fits.size()) - 1;
  for (const Fit& fit : fits) total += fit.*width;
  return total;
}

// The width of a column's text, without making the text: there may be many
// tasks.
size_t TextWidth(Order order, const Blocker& blocker) {
  const klpx_task_info& info = blocker.info;
  switch (order) {
    case Order::kTid:
      return Digits(info.key.tid);
    case Order::kPid:
      return Digits(info.pid);
    case Order::kComm:
      return strnlen(info.comm, sizeof(info.comm));
    case Order::kState:
      return 1;
    case Order::kReason:
      return ReasonWord(info.reason).size();
    case Order::kFunction:
      return strnlen(info.function, sizeof(info.function));
    case Order::kAge:
      return kAgeWidth;
    case Order::kCpu:
      return Digits(info.cpu);
    case Order::kSignals:
      return Digits(info.signals);
    case Order::kCgroup:
      return blocker.cgroup.size();
  }
  return 0;
}

std::vector<Fit> NaturalWidths(const Sample& sample) {
  std::vector<Fit> fits;
  for (const Kind& kind : kKinds) {
    size_t natural = kind.title.size();
    for (const Blocker& blocker : sample.blockers) {
      natural = std::max(natural, TextWidth(kind.order, blocker));
    }
    fits.push_back({&kind, static_cast<int>(natural)});
  }
  return fits;
}

}  // namespace

std::vector<Column> FitColumns(const Sample& sample, int width) {
  std::vector<Fit> fits = NaturalWidths(sample);
  // Numbers are never cut: a cut number is worse than none.
  for (Fit& fit : fits) {
    const Order order = fit.kind->order;
    const bool is_number = order == Order::kTid || order == Order::kPid ||
                           order == Order::kCpu || order == Order::kSignals ||
                           order == Order::kAge;
    fit.width =
        is_number ? fit.natural : std::min(fit.natural, fit.kind->least);
  }
  for (int rank = kKindCount - 1; rank > 0; rank--) {
    // The control group, the last column, is shown only if no other column is
    // cut for it.
    const bool is_last = rank == kKindCount - 1;
    const int least = is_last ? Total(fits, &Fit::natural) -
                                    fits.back().natural + fits.back().width
                              : Total(fits, &Fit::width);
    if (least <= width) break;
    std::erase_if(fits,
                  [rank](const Fit& fit) { return fit.kind->rank == rank; });
  }
  for (int rank = 0; rank < kKindCount; rank++) {
    for (Fit& fit : fits) {
      if (fit.kind->rank != rank) continue;
      const int spare = std::max(width - Total(fits, &Fit::width), 0);
      fit.width += std::min(spare, fit.natural - fit.width);
    }
  }
  std::vector<Column> columns;
  for (const Fit& fit : fits) {
    columns.push_back({fit.kind->order, fit.kind->title, fit.width});
  }
  return columns;
}

std::string CellText(const Column& column, const Blocker& blocker,
                     const Sample& sample) {
  return Text(column.order, blocker, sample);
}

}  // namespace klpx
