// SPDX-License-Identifier: GPL-2.0
// The lines above the list: the machine, the patch, the progress, the pace.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/text.h"
#include "controller/view/render.h"

namespace klpx {
namespace {

constexpr int kShortestBar = 10;
constexpr int kLongestBar = 60;

std::string Clock(absl::Time time) {
  return absl::FormatTime("%H:%M:%S", time, absl::UTCTimeZone());
}

std::string Day(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", time, absl::UTCTimeZone());
}

std::string Duration(absl::Duration duration) {
  return ShortDuration(
      std::max<int64_t>(absl::ToInt64Milliseconds(duration), 0));
}

// The right end of the first line.
std::string ModeText(const TopState& top) {
  if (top.replay) {
    return absl::StrFormat("REPLAY of %d%s, speed %g", top.replay->record().id,
                           top.replay->playing() ? "" : ", STOPPED",
                           top.replay->speed());
  }
  if (top.paused) return "PAUSED";
  return absl::StrFormat("every %gs", absl::ToDoubleSeconds(top.interval));
}

ScreenLine TitleLine(const TopState& top, int width) {
  const std::string mode = ModeText(top);
  std::string left = "klp-controller top";
  if (top.sample != nullptr) {
    const Host& host = top.sample->host;
    absl::StrAppend(&left, "  ", host.name, ", Linux ", host.kernel, "  ",
                    top.replay ? Day(host.time) : Clock(host.time));
  }
  const size_t room = std::max<int>(width - mode.size() - 2, 0);
  left = Clip(left, room);
  left.append(room - left.size(), ' ');
  return {absl::StrCat(left, "  ", mode), Style::kTitle};
}

std::string Bar(double done, int width) {
  const double part = std::clamp(done, 0.0, 1.0);
  const int full = static_cast<int>(part * width);
  return absl::StrCat("[", std::string(full, '#'),
                      std::string(width - full, '.'), "]");
}

// "patching, 3 of 120 tasks left, for 12s".
ScreenLine TransitionLine(const TopState& top, const PatchState& patch) {
  std::string text =
      absl::StrCat(Printable(patch.name), ": ", DirectionWord(patch.enabled));
  if (patch.pending) {
    const uint64_t total = std::max(patch.tasks.value_or(0), *patch.pending);
    absl::StrAppend(&text, ", ", *patch.pending, " of ", Count(total, "task"),
                    " left");
  } else if (top.sample->recorded && patch.tasks) {
    absl::StrAppend(&text, ", ", Count(*patch.tasks, "task"), " to switch");
  }
  if (patch.elapsed_ms) {
    absl::StrAppend(&text, ", for ", ShortDuration(*patch.elapsed_ms));
  }
  if (!patch.replaces.empty()) {
    absl::StrAppend(&text, ", replaces ",
                    Printable(absl::StrJoin(patch.replaces, " ")));
  }
  return {text, Style::kTitle};
}

std::string PaceText(const TopState& top) {
  const auto rate = top.pace.Rate();
  if (!rate) return "";
  const auto left = top.pace.Estimate();
  return absl::StrFormat(
      ", %.1f tasks/s, %s", *rate,
      left ? absl::StrCat(Duration(*left), " to go") : "no end in sight");
}

ScreenLine ProgressBar(const TopState& top, const PatchState& patch,
                       int width) {
  std::string text;
  double done = 0;
  if (top.replay) {
    done = absl::FDivDuration(top.replay->position(), top.replay->length());
    text = absl::StrCat(" ", Duration(top.replay->position()), " of ",
                        Duration(top.replay->length()), ", ",
                        OutcomeWord(top.replay->record().outcome));
  } else if (patch.pending) {
    const uint64_t total = std::max(patch.tasks.value_or(0), *patch.pending);
    done = total == 0 ? 1 : 1 - static_cast<double>(*patch.pending) / total;
    // Never 100 % while the transition runs.
    text =
        absl::StrFormat(" %.0f%%%s", std::min(done * 100, 99.0), PaceText(top));
  }
  const int room = width - static_cast<int>(text.size()) - 2;
  return {absl::StrCat(Bar(done, std::clamp(room, kShortestBar, kLongestBar)),
                       text)};
}

ScreenLine PatchesLine(const Sample& sample) {
  std::vector<std::string> parts;
  for (const PatchState& patch : sample.patches) {
    parts.push_back(
        absl::StrCat(Printable(patch.name), " ", StateWord(patch),
                     patch.forced.value_or(false) ? " FORCED" : ""));
  }
  return {absl::StrCat("patches: ", absl::StrJoin(parts, ", "))};
}

std::string Sums(const Sample& sample) {
  std::map<std::string, size_t> reasons;
  for (const Blocker& blocker : sample.blockers) {
    reasons[std::string(ReasonWord(blocker.info.reason))]++;
  }
  std::vector<std::string> parts;
  for (const auto& [reason, count] : reasons) {
    parts.push_back(absl::StrCat(count, " ", reason));
  }
  const RecentTransition* running = Running(sample);
  if (running != nullptr && running->signals > 0) {
    parts.push_back(Count(running->signals, "fake signal"));
  }
  if (running != nullptr && running->forced > 0) {
    parts.push_back(absl::StrCat(running->forced, " FORCED"));
  }
  return parts.empty() ? "no task seen blocking"
                       : absl::StrCat("blocking: ", absl::StrJoin(parts, ", "));
}

ScreenLine BlockersLine(const Sample& sample) {
  if (!sample.blockers_missing.empty()) {
    return {absl::StrCat("blocking tasks unknown: ", sample.blockers_missing),
            Style::kWarning};
  }
  return {Sums(sample)};
}

ScreenLine ListLine(const TopState& top) {
  const TaskList& list = top.list;
  std::string text = absl::StrCat(
      "sort ", OrderWord(list.order()), list.inverted() ? " inverted" : "",
      "  group ", GroupingWord(list.grouping()), "  filter ");
  if (list.filter().empty()) {
    text += "none";
  } else {
    absl::StrAppend(&text, "'", list.filter(), "': ", list.matching(), " of ",
                    top.sample->blockers.size());
  }
  const absl::Duration took = top.sample->took;
  // Then the next update comes later than the interval says.
  if (took * 4 > top.interval) {
    absl::StrAppend(&text, "  (an update takes ", Duration(took), ")");
  }
  return {text, Style::kDim};
}

}  // namespace

std::vector<ScreenLine> Header(const TopState& top, int width, bool all) {
  std::vector<ScreenLine> lines = {TitleLine(top, width)};
  if (top.sample == nullptr) {
    lines.push_back({"looking at the machine ..."});
    return lines;
  }
  const Sample& sample = *top.sample;
  const PatchState* patch = Moving(sample);
  if (patch == nullptr) return lines;
  lines.push_back(TransitionLine(top, *patch));
  lines.push_back(ProgressBar(top, *patch, width));
  if (all && !top.replay) lines.push_back(PatchesLine(sample));
  if (all || !sample.blockers_missing.empty()) {
    lines.push_back(BlockersLine(sample));
  }
  if (all || !top.list.filter().empty()) lines.push_back(ListLine(top));
  return lines;
}

}  // namespace klpx
