// SPDX-License-Identifier: GPL-2.0
// The effect of a key on the state of top. docs/TOP.md and the help page
// (render_pages.cc) describe it.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "controller/view/top_state.h"

namespace klpx {
namespace {

constexpr size_t kLongestInput = 200;
// More lines than any page has; drawing the page limits it to the last line.
constexpr int kBehindTheEnd = 1 << 20;

void Complain(TopState& top, std::string text) {
  AddEvent(top, {NowNs(top), std::move(text), Style::kWarning});
}

// A request about the transition that is shown. Without one: kNothing, and an
// event that says why.
Request About(TopState& top, RequestKind kind) {
  if (top.replay) {
    Complain(top, "this is a replay: it cannot be acted on");
    return {};
  }
  const PatchState* patch =
      top.sample == nullptr ? nullptr : Moving(*top.sample);
  if (patch == nullptr) {
    Complain(top, "no patch is in transition");
    return {};
  }
  return {kind, patch->name, std::nullopt, patch->enabled};
}

// The task of the page, or else the selected task.
const Blocker* ChosenTask(const TopState& top) {
  if (top.page == Page::kTask) return top.task ? &*top.task : nullptr;
  return top.list.SelectedTask();
}

Request AboutTask(TopState& top, RequestKind kind) {
  Request request = About(top, kind);
  if (request.kind == RequestKind::kNothing) return request;
  const Blocker* task = ChosenTask(top);
  if (task == nullptr || task->info.key.idle_cpu >= 0) {
    Complain(top, task == nullptr ? "no task is selected"
                                  : "an idle task cannot be signalled or "
                                    "forced; the engine wakes its CPU");
    return {};
  }
  request.task = task->info.key.tid;
  return request;
}

Request Ask(TopState& top, Prompt prompt, Request request) {
  if (request.kind == RequestKind::kNothing) return request;
  top.prompt = prompt;
  top.question = request;
  top.typed.clear();
  top.price = std::nullopt;
  // The price is requested at once; anything else waits for the user's answer.
  return prompt == Prompt::kForceWord ? request : Request{};
}

void OpenTask(TopState& top) {
  const Blocker* task = top.list.SelectedTask();
  if (task == nullptr) {
    top.list.ToggleFold();
    return;
  }
  top.task = *task;
  top.task_gone = false;
  top.detail = std::nullopt;
  top.page = Page::kTask;
  top.scroll = 0;
}

void ChangePace(TopState& top, bool faster) {
  if (top.replay) {
    faster ? top.replay->Faster() : top.replay->Slower();
    return;
  }
  top.interval = std::clamp(faster ? top.interval / 2 : top.interval * 2,
                            kShortestInterval, kLongestInterval);
}

void TogglePause(TopState& top) {
  if (top.replay) {
    top.replay->TogglePlaying();
    return;
  }
  top.paused = !top.paused;
}

void Scrub(TopState& top, const Key& key) {
  if (!top.replay) return;
  if (key.code == KeyCode::kCharacter) {
    top.replay->Seek(top.replay->length() * (key.character - '0') / 10);
  } else {
    top.replay->Step(key.code == KeyCode::kRight ? 1 : -1);
  }
  ShowReplay(top);
}

void GoToEdge(TopState& top, bool start) {
  if (top.page != Page::kList) {
    top.scroll = start ? 0 : kBehindTheEnd;
  } else if (start) {
    top.list.MoveToStart();
  } else {
    top.list.MoveToEnd();
  }
}

// Up, down and so on, in the list or in the page that covers it.
bool Navigate(TopState& top, const Key& key) {
  int lines = 0;
  switch (key.code) {
    case KeyCode::kUp:
      lines = -1;
      break;
    case KeyCode::kDown:
      lines = 1;
      break;
    case KeyCode::kPageUp:
      lines = -std::max(top.page_rows, 1);
      break;
    case KeyCode::kPageDown:
      lines = std::max(top.page_rows, 1);
      break;
    case KeyCode::kHome:
    case KeyCode::kEnd:
      GoToEdge(top, /*start=*/key.code == KeyCode::kHome);
      return true;
    case KeyCode::kLeft:
    case KeyCode::kRight:
      Scrub(top, key);
      return true;
    default:
      return false;
  }
  if (top.page == Page::kList) {
    top.list.Move(lines);
  } else {
    top.scroll = std::max(top.scroll + lines, 0);
  }
  return true;
}

void OpenPage(TopState& top, Page page) {
  top.page = top.page == page ? Page::kList : page;
  top.scroll = 0;
}

// Keys that work in the list only.
void PressInList(TopState& top, char key) {
  switch (key) {
    case 'f':
    case '/':
      top.prompt = Prompt::kFilter;
      top.typed = top.list.filter();
      break;
    case 's':
      top.list.NextOrder();
      break;
    case 'i':
      top.list.Invert();
      break;
    case 'g':
      top.list.NextGrouping();
      break;
    case 'z':
      top.list.ToggleAll();
      break;
    default:
      break;
  }
}

Request PressCharacter(TopState& top, char key) {
  switch (key) {
    case 'q':
      if (top.page == Page::kList)
        return {RequestKind::kQuit, "", std::nullopt, true};
      top.page = Page::kList;
      return {};
    case 'j':
    case 'k':
      Navigate(top, {key == 'j' ? KeyCode::kDown : KeyCode::kUp});
      return {};
    case ' ':
      TogglePause(top);
      return {};
    case '+':
    case '=':
    case '-':
      ChangePace(top, key != '-');
      return {};
    case 'h':
    case '?':
      OpenPage(top, Page::kHelp);
      return {};
    case 'e':
      OpenPage(top, Page::kEvents);
      return {};
    case 'x':
      return AboutTask(top, RequestKind::kSignal);
    case 'X':
      return Ask(top, Prompt::kYesNo, About(top, RequestKind::kSignal));
    case 'R':
      return Ask(top, Prompt::kYesNo, About(top, RequestKind::kReverse));
    case 'K':
      return Ask(top, Prompt::kForceWord,
                 AboutTask(top, RequestKind::kPriceOfForce));
    case 'F':
      return Ask(top, Prompt::kForceWord,
                 About(top, RequestKind::kPriceOfForce));
    case '\f':  // Ctrl-L
      return {RequestKind::kRedraw, "", std::nullopt, true};
    default:
      break;
  }
  if (absl::ascii_isdigit(key)) Scrub(top, {KeyCode::kCharacter, key});
  if (top.page == Page::kList) PressInList(top, key);
  return {};
}

// Edits the text being typed. True if the key was part of it.
bool Type(TopState& top, const Key& key) {
  if (key.code == KeyCode::kBackspace) {
    if (!top.typed.empty()) top.typed.pop_back();
    return true;
  }
  if (key.code != KeyCode::kCharacter) return false;
  if (absl::ascii_isprint(key.character) && top.typed.size() < kLongestInput) {
    top.typed += key.character;
  }
  return true;
}

Request PressAtFilter(TopState& top, const Key& key) {
  if (Type(top, key)) {
    top.list.SetFilter(top.typed);
  } else if (key.code == KeyCode::kEnter) {
    top.prompt = Prompt::kNone;
  } else if (key.code == KeyCode::kEscape) {
    top.prompt = Prompt::kNone;
    top.list.SetFilter("");
  } else {
    Navigate(top, key);
  }
  return {};
}

Request PressAtQuestion(TopState& top, const Key& key) {
  top.prompt = Prompt::kNone;
  const bool yes = key.code == KeyCode::kCharacter && key.character == 'y';
  return yes ? top.question : Request{};
}

Request PressAtForceWord(TopState& top, const Key& key) {
  if (key.code == KeyCode::kEscape) {
    top.prompt = Prompt::kNone;
    Complain(top, "nothing has been forced");
    return {};
  }
  // The user cannot agree before the price is on the screen.
  if (!top.price) return {};
  if (Type(top, key) || key.code != KeyCode::kEnter) return {};
  top.prompt = Prompt::kNone;
  if (top.typed != kForceWord) {
    Complain(top, "nothing has been forced: the word was not typed");
    return {};
  }
  Request request = top.question;
  request.kind = RequestKind::kForce;
  return request;
}

}  // namespace

Request Press(TopState& top, const Key& key) {
  switch (top.prompt) {
    case Prompt::kFilter:
      return PressAtFilter(top, key);
    case Prompt::kYesNo:
      return PressAtQuestion(top, key);
    case Prompt::kForceWord:
      return PressAtForceWord(top, key);
    case Prompt::kNone:
      break;
  }
  if (key.code == KeyCode::kCharacter) {
    return PressCharacter(top, key.character);
  }
  if (key.code == KeyCode::kEscape) top.page = Page::kList;
  if (key.code == KeyCode::kEnter) {
    top.page == Page::kList ? OpenTask(top) : OpenPage(top, top.page);
  }
  Navigate(top, key);
  return {};
}

}  // namespace klpx
