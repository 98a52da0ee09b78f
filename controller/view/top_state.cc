// SPDX-License-Identifier: GPL-2.0
// The effect of a sample on the state of top.
#include "controller/view/top_state.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

constexpr size_t kMostEvents = 500;
// The most lines of a verb's output that become events.
constexpr size_t kMostLines = 6;
constexpr absl::string_view kTypeNext = "; 'klp-controller";

void Show(TopState& top, std::shared_ptr<const Sample> sample) {
  top.list.Take(sample);
  top.sample = std::move(sample);
  if (top.page != Page::kTask || !top.task) return;
  top.task_gone = true;
  for (const Blocker& blocker : top.sample->blockers) {
    if (!(blocker.info.key == top.task->info.key)) continue;
    top.task = blocker;
    top.task_gone = false;
  }
}

// A question is withdrawn if its transition has ended or was reversed since:
// the answer would apply to something else.
void DropStaleQuestion(TopState& top) {
  const bool asks =
      top.prompt == Prompt::kYesNo || top.prompt == Prompt::kForceWord;
  if (!asks) return;
  const PatchState* patch = Moving(*top.sample);
  if (patch != nullptr && patch->name == top.question.patch &&
      patch->enabled == top.question.patching) {
    return;
  }
  top.prompt = Prompt::kNone;
  top.price = std::nullopt;
  AddEvent(top, {top.sample->host.monotonic_ns,
                 absl::StrCat(Printable(top.question.patch),
                              ": the transition has changed; nothing was done"),
                 Style::kWarning});
}

// Is this the price that is waited for? An answer may come after its question
// was taken back, and another one was asked.
bool IsAsked(const TopState& top, const Request& price) {
  return top.prompt == Prompt::kForceWord &&
         price.patch == top.question.patch && price.task == top.question.task &&
         price.patching == top.question.patching;
}

void NotePace(TopState& top) {
  const PatchState* patch = Moving(*top.sample);
  if (patch == nullptr || !patch->pending) return;
  const RecentTransition* running = Running(*top.sample);
  const std::string name =
      absl::StrCat(patch->name, patch->enabled ? " in " : " out ",
                   running == nullptr ? 0 : running->started_ns);
  top.pace.Note(name, top.sample->host.monotonic_ns, *patch->pending);
}

}  // namespace

int64_t NowNs(const TopState& top) {
  const int64_t now = top.sample == nullptr ? 0 : top.sample->host.monotonic_ns;
  return top.events.empty() ? now : std::max(now, top.events.back().time_ns);
}

void AddEvent(TopState& top, TopEvent event) {
  const auto later =
      std::upper_bound(top.events.begin(), top.events.end(), event.time_ns,
                       [](int64_t time_ns, const TopEvent& known) {
                         return time_ns < known.time_ns;
                       });
  top.events.insert(later, std::move(event));
  if (top.events.size() > kMostEvents) top.events.pop_front();
}

void Take(TopState& top, std::shared_ptr<const Sample> sample) {
  if (top.replay || top.paused) return;
  // What the first sample finds is not an event: it was there before.
  if (top.sample != nullptr) {
    for (TopEvent& event : ChangesOf(*top.sample, *sample)) {
      AddEvent(top, std::move(event));
    }
  }
  Show(top, std::move(sample));
  NotePace(top);
  DropStaleQuestion(top);
}

void Take(TopState& top, TaskDetail detail) { top.detail = std::move(detail); }

void Take(TopState& top, const ActionResult& result) {
  const bool price = result.request.kind == RequestKind::kPriceOfForce;
  if (price && result.ok) {
    // The question may have been cancelled before the price came.
    if (IsAsked(top, result.request)) top.price = result.text;
    return;
  }
  if (price && IsAsked(top, result.request)) top.prompt = Prompt::kNone;
  const int64_t now = result.time_ns == 0 ? NowNs(top) : result.time_ns;
  size_t lines = 0;
  for (const absl::string_view line :
       absl::StrSplit(result.text, '\n', absl::SkipEmpty())) {
    if (++lines > kMostLines) break;
    // The advice on what to type next is of use on a command line only.
    const absl::string_view text =
        result.ok ? line.substr(0, line.find(kTypeNext)) : line;
    AddEvent(top,
             {now, std::string(text), result.ok ? Style::kTitle : Style::kBad});
  }
}

void Advance(TopState& top, absl::Duration elapsed) {
  if (!top.replay || !top.replay->playing()) return;
  top.replay->Advance(elapsed);
  ShowReplay(top);
}

void StartReplay(TopState& top, Replay replay) {
  top.replay = std::move(replay);
  ShowReplay(top);
}

void ShowReplay(TopState& top) {
  Show(top, std::make_shared<const Sample>(top.replay->TakeSample()));
  const std::vector<TopEvent> events = top.replay->Events();
  top.events.assign(events.begin(), events.end());
}

std::optional<klpx_task_key> WantedTask(const TopState& top) {
  if (top.replay || top.page != Page::kTask || !top.task || top.task_gone) {
    return std::nullopt;
  }
  return top.task->info.key;
}

}  // namespace klpx
