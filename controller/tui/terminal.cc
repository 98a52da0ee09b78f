// SPDX-License-Identifier: GPL-2.0
// The terminal, by ncurses.
#include "controller/tui/terminal.h"

#include <ncurses.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "controller/core/base/error.h"

namespace klpx {
namespace {

// How long a lone escape waits for the rest of a function key: on a slow line
// the bytes of one key arrive separately. The default of ncurses, one second,
// is too long.
constexpr int kEscapeMs = 100;
constexpr int kCtrlL = '\f';
constexpr int kDelete = 0x7f;

// Numbers of colour pairs.
enum Pair : short { kGreen = 1, kYellow = 2, kRed = 3 };

attr_t AttributesOf(Style style, bool colors) {
  switch (style) {
    case Style::kPlain:
      return A_NORMAL;
    case Style::kTitle:
      return A_BOLD;
    case Style::kDim:
      return colors ? A_DIM : A_NORMAL;
    case Style::kSelected:
      return A_REVERSE;
    case Style::kGood:
      return colors ? COLOR_PAIR(kGreen) : A_NORMAL;
    case Style::kWarning:
      return colors ? COLOR_PAIR(kYellow) : A_NORMAL;
    case Style::kBad:
      return colors ? A_BOLD | COLOR_PAIR(kRed) : A_BOLD;
  }
  return A_NORMAL;
}

bool StartColors() {
  if (!has_colors() || start_color() == ERR) return false;
  // The terminal's own background, light or dark.
  if (use_default_colors() == ERR) return false;
  init_pair(kGreen, COLOR_GREEN, -1);
  init_pair(kYellow, COLOR_YELLOW, -1);
  init_pair(kRed, COLOR_RED, -1);
  return true;
}

// Signals that a crash ends in.
constexpr int kCrashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// Restores the terminal for the shell even after a crash. endwin() is not safe
// in a signal handler, but at this point there is nothing left to lose.
void OnCrash(int number) {
  endwin();
  raise(number);
}

void CatchCrashes(bool catch_them) {
  struct sigaction action = {};
  action.sa_handler = catch_them ? OnCrash : SIG_DFL;
  action.sa_flags = catch_them ? static_cast<int>(SA_RESETHAND) : 0;
  for (const int number : kCrashes) sigaction(number, &action, nullptr);
}

Key FunctionKey(int key) {
  switch (key) {
    case KEY_UP:
      return {KeyCode::kUp};
    case KEY_DOWN:
      return {KeyCode::kDown};
    case KEY_LEFT:
      return {KeyCode::kLeft};
    case KEY_RIGHT:
      return {KeyCode::kRight};
    case KEY_PPAGE:
      return {KeyCode::kPageUp};
    case KEY_NPAGE:
      return {KeyCode::kPageDown};
    case KEY_HOME:
      return {KeyCode::kHome};
    case KEY_END:
      return {KeyCode::kEnd};
    case KEY_ENTER:
    case '\r':
    case '\n':
      return {KeyCode::kEnter};
    case KEY_BACKSPACE:
    case '\b':
    case kDelete:
      return {KeyCode::kBackspace};
    case '\033':
      return {KeyCode::kEscape};
    default:
      return {};
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Terminal>> Terminal::Open(
    const std::string& type, FILE* out, FILE* in, bool colors) {
  if (getenv("ESCDELAY") == nullptr) set_escdelay(kEscapeMs);
  SCREEN* screen = newterm(type.c_str(), out, in);
  if (screen == nullptr) {
    return Error(ErrorKind::kUsage, "top: the terminal type '", type,
                 "' (TERM) is not known; try TERM=vt100, or 'klp-controller "
                 "blocking --watch'");
  }
  set_term(screen);
  std::unique_ptr<Terminal> terminal(new Terminal(screen));
  cbreak();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  curs_set(0);
  terminal->colors_ = colors && StartColors();
  CatchCrashes(true);
  return terminal;
}

Terminal::~Terminal() {
  CatchCrashes(false);
  endwin();
  delscreen(static_cast<SCREEN*>(screen_));
}

int Terminal::width() const { return getmaxx(stdscr); }

int Terminal::height() const { return getmaxy(stdscr); }

void Terminal::Show(const Grid& grid) {
  for (const CellRun& run : Changes(shown_.value_or(Grid(0, 0)), grid)) {
    attrset(AttributesOf(run.style, colors_));
    mvaddnstr(run.y, run.x, run.text.c_str(), run.text.size());
  }
  shown_ = grid;
  refresh();
}

void Terminal::Forget() {
  shown_.reset();
  clearok(curscr, TRUE);
}

Key Terminal::ReadKey() {
  for (;;) {
    const int key = getch();
    if (key == ERR) return {};
    if ((key >= ' ' && key < kDelete) || key == kCtrlL) {
      return {KeyCode::kCharacter, static_cast<char>(key)};
    }
    const Key function = FunctionKey(key);
    if (function.code != KeyCode::kNone) return function;
  }
}

void Terminal::Resize() {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
      size.ws_col > 0) {
    resizeterm(size.ws_row, size.ws_col);
  }
  Forget();
}

void Terminal::Release() { endwin(); }

void Terminal::Reclaim() {
  // The first refresh after endwin() takes the terminal again.
  refresh();
  Resize();
}

}  // namespace klpx
