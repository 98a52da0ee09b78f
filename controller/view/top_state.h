// SPDX-License-Identifier: GPL-2.0
// The state of klp-controller top, how a sample or a key changes it, and the
// requests to the outside that a key results in. Knows nothing of terminals,
// threads or the kernel; render.h draws it.
#ifndef KLPX_CONTROLLER_VIEW_TOP_STATE_H_
#define KLPX_CONTROLLER_VIEW_TOP_STATE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "controller/core/base/machine.h"
#include "controller/view/changes.h"
#include "controller/view/pace.h"
#include "controller/view/replay.h"
#include "controller/view/sample.h"
#include "controller/view/task_list.h"

namespace klpx {

inline constexpr absl::Duration kShortestInterval = absl::Milliseconds(125);
inline constexpr absl::Duration kLongestInterval = absl::Seconds(64);
// The user has to type this before tasks are forced.
inline constexpr char kForceWord[] = "force";

enum class KeyCode {
  kNone,
  kCharacter,
  kUp,
  kDown,
  kLeft,
  kRight,
  kPageUp,
  kPageDown,
  kHome,
  kEnd,
  kEnter,
  kEscape,
  kBackspace,
};

struct Key {
  KeyCode code = KeyCode::kNone;
  char character = '\0';
};

// What a key asks for that is done outside of this state.
enum class RequestKind {
  kNothing,
  kQuit,
  kRedraw,  // the whole screen
  kSignal,  // `task`, or all blocking tasks
  kReverse,
  kPriceOfForce,  // what forcing would cost, and which tasks it would affect
  kForce,
};

struct Request {
  RequestKind kind = RequestKind::kNothing;
  std::string patch;
  std::optional<uint32_t> task;
  // The direction of the transition when the key was pressed.
  bool patching = true;
};

// The result of a request.
struct ActionResult {
  Request request;
  bool ok = true;
  std::string text;     // the verb's output
  int64_t time_ns = 0;  // when it was done, CLOCK_MONOTONIC; 0: not known
};

enum class Page { kList, kTask, kEvents, kHelp };

// What the user is asked; meanwhile the keys of kList do nothing.
enum class Prompt { kNone, kFilter, kYesNo, kForceWord };

struct TopState {
  std::shared_ptr<const Sample> sample;  // nullptr before the first sample
  TaskList list;
  Pace pace;
  std::deque<TopEvent> events;
  Page page = Page::kList;
  int scroll = 0;  // of pages other than the list
  Prompt prompt = Prompt::kNone;
  std::string typed;
  Request question;                  // what the prompt is about
  std::optional<std::string> price;  // of forcing; nullopt until known
  // The task of the page kTask, as it was last seen.
  std::optional<Blocker> task;
  bool task_gone = false;
  std::optional<TaskDetail> detail;
  bool paused = false;
  absl::Duration interval = absl::Seconds(1);
  std::optional<Replay> replay;
  // Rows of the list when it was last drawn: the distance of page up and down.
  int page_rows = 1;
};

// Takes a sample of the kernel. Ignored while paused and in a replay, which
// makes its own samples.
void Take(TopState& top, std::shared_ptr<const Sample> sample);
void Take(TopState& top, TaskDetail detail);
void Take(TopState& top, const ActionResult& result);

// The time for an event that happens now: the time of the last sample or of the
// last event, whichever is later.
int64_t NowNs(const TopState& top);

// Adds a line to the recent events, in order of time; when there are too many,
// the oldest are dropped.
void AddEvent(TopState& top, TopEvent event);

// Moves the clock of a replay by the time that has passed.
void Advance(TopState& top, absl::Duration elapsed);
// Begins to show a past transition.
void StartReplay(TopState& top, Replay replay);
// Called after the clock of the replay was moved.
void ShowReplay(TopState& top);

Request Press(TopState& top, const Key& key);

// The task whose stack is to be read.
std::optional<klpx_task_key> WantedTask(const TopState& top);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_TOP_STATE_H_
