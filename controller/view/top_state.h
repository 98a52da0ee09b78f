// SPDX-License-Identifier: GPL-2.0
// What klp-controller top shows and does: its state, what a look or a key makes
// of it, and what a key asks of the world outside. Knows nothing of terminals,
// threads or the kernel; render.h draws it.
#ifndef KLPX_CONTROLLER_VIEW_TOP_STATE_H_
#define KLPX_CONTROLLER_VIEW_TOP_STATE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "controller/core/base/model.h"
#include "controller/view/changes.h"
#include "controller/view/pace.h"
#include "controller/view/replay.h"
#include "controller/view/sample.h"
#include "controller/view/task_list.h"

namespace klpx {

inline constexpr absl::Duration kShortestInterval = absl::Milliseconds(125);
inline constexpr absl::Duration kLongestInterval = absl::Seconds(64);
// What has to be typed before tasks are forced.
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

// What a key asks for that only the world outside can do.
enum class Wish {
  kNothing,
  kQuit,
  kRedraw,  // the whole screen anew
  kSignal,  // `task`, or all that block
  kReverse,
  kPriceOfForce,  // what forcing would cost, and whom it would hit
  kForce,
};

struct Request {
  Wish wish = Wish::kNothing;
  std::string patch;
  std::optional<uint32_t> task;
  // Which way the patch went when it was asked for.
  bool patching = true;
};

// What came of one.
struct ActionResult {
  Request request;
  bool ok = true;
  std::string text;     // what the verb has printed
  int64_t time_ns = 0;  // when it was done, CLOCK_MONOTONIC; 0: not known
};

enum class Page { kList, kTask, kEvents, kHelp };

// What is asked of the person; kList's keys wait meanwhile.
enum class Prompt { kNone, kFilter, kYesNo, kForceWord };

struct TopState {
  std::shared_ptr<const Sample> sample;  // nullptr before the first look
  TaskList list;
  Pace pace;
  std::deque<Happening> events;
  Page page = Page::kList;
  int scroll = 0;  // of pages other than the list
  Prompt prompt = Prompt::kNone;
  std::string typed;
  Request question;                  // what the prompt is about
  std::optional<std::string> price;  // of forcing; nothing before it is known
  // The task of the page kTask, as it was last seen.
  std::optional<Blocker> task;
  bool task_gone = false;
  std::optional<TaskDetail> detail;
  bool paused = false;
  absl::Duration interval = absl::Seconds(1);
  std::optional<Replay> replay;
  // Rows of the list when it was last drawn: how far a page is.
  int page_rows = 1;
};

// A look at the kernel. Ignored while paused; a replay makes its own.
void Take(TopState& top, std::shared_ptr<const Sample> sample);
void Take(TopState& top, TaskDetail detail);
void Take(TopState& top, const ActionResult& result);

// Of what happens now: the last look, or the last event, if that is later.
int64_t NowNs(const TopState& top);

// A line under "what happened lately", in the order of time; the oldest go when
// there are too many.
void AddEvent(TopState& top, Happening event);

// Time goes by: moves the clock of a replay.
void Advance(TopState& top, absl::Duration elapsed);
// Begins to show a transition of the past.
void StartReplay(TopState& top, Replay replay);
// After its clock was moved.
void ShowReplay(TopState& top);

Request Press(TopState& top, const Key& key);

// Whose stack is to be read.
std::optional<klpx_task_key> WantedTask(const TopState& top);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_TOP_STATE_H_
