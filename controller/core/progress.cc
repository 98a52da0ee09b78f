// SPDX-License-Identifier: GPL-2.0
// What to tell a person while a transition runs.
#include "controller/core/progress.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "controller/core/text.h"

namespace klpx {
namespace {

constexpr size_t kBlockersShown = 3;

absl::string_view Direction(const Progress& progress) {
  return progress.patching ? "patching" : "unpatching";
}

std::string Left(const std::vector<Blocker>& blockers) {
  std::string text;
  const size_t shown = std::min(blockers.size(), kBlockersShown);
  for (size_t i = 0; i < shown; i++) {
    const klpx_task_info& info = blockers[i].info;
    absl::StrAppend(&text, i == 0 ? ", left: " : ", ", Printable(info.comm),
                    "/", info.key.tid, " ", ReasonWord(info.reason));
    if (info.function[0] != '\0') {
      absl::StrAppend(&text, " ", Printable(info.function));
    }
  }
  if (blockers.size() > shown) {
    absl::StrAppend(&text, " and ", blockers.size() - shown, " more");
  }
  return text;
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

std::string ProgressLine(const Progress& progress) {
  if (!progress.counts) {
    return absl::StrCat(
        progress.patch, ": ", Direction(progress),
        progress.looked
            ? absl::StrCat(", ", Count(progress.pending, "task"), " left")
            : "",
        Left(progress.blockers));
  }
  // Forks add to what is pending, so the total may lag behind it.
  const uint64_t total = std::max(progress.tasks, progress.pending);
  return absl::StrCat(progress.patch, ": ", Direction(progress), " ",
                      total - progress.pending, "/", total, " tasks, ",
                      ShortDuration(progress.elapsed_ms),
                      Left(progress.blockers));
}

std::string CompletionLine(const Progress& progress) {
  const double seconds = static_cast<double>(progress.elapsed_ms) / 1000;
  if (progress.tasks == 0) {
    return absl::StrFormat("%s: %s complete in %.2f s", progress.patch,
                           Direction(progress), seconds);
  }
  return absl::StrFormat("%s: %s complete, %s in %.2f s", progress.patch,
                         Direction(progress), Count(progress.tasks, "task"),
                         seconds);
}

bool ProgressPacer::IsDue(const Progress& progress, absl::Duration now) {
  if (last_ && now - *last_ < interval_) return false;
  std::string state = absl::StrCat(Direction(progress), progress.tasks, "/",
                                   progress.pending, Left(progress.blockers));
  if (state == shown_) return false;
  shown_ = std::move(state);
  last_ = now;
  return true;
}

}  // namespace klpx
