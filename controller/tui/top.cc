// SPDX-License-Identifier: GPL-2.0
// top: waits for keys, signals, news from the worker and the clock of a replay,
// hands each to the state (view/top_state.h), and draws it. Everything in the
// kernel continues without top: quitting or killing it changes nothing.
#include "controller/tui/top.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/io/unique_fd.h"
#include "controller/sys/proc/linux_kernel.h"
#include "controller/tui/terminal.h"
#include "controller/tui/worker.h"
#include "controller/view/render.h"

namespace klpx {
namespace {

// The tick of a replay's clock. Each tick draws a screen, and the line may be
// slow.
constexpr absl::Duration kTick = absl::Milliseconds(200);
// How long to wait for the worker at the end; then the process exits without
// it. What the worker was doing has either taken effect in the kernel by then,
// or not.
constexpr absl::Duration kStopPatience = absl::Seconds(1);

constexpr int kSignals[] = {SIGINT,   SIGTERM, SIGHUP, SIGQUIT,
                            SIGWINCH, SIGTSTP, SIGCONT};

// Signals are read from a descriptor, so that the loop handles them one at a
// time. The worker inherits the mask and receives none.
absl::StatusOr<UniqueFd> TakeSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : kSignals) sigaddset(&set, number);
  if (pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0) {
    return ErrnoError(errno, "pthread_sigmask");
  }
  UniqueFd fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.ok()) return ErrnoError(errno, "signalfd");
  return fd;
}

// Stops as the shell's job control expects. The kernel does not stop a process
// that no shell could continue (an orphaned process group).
void StopUntilContinued(Terminal& terminal) {
  terminal.Release();
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTSTP);
  struct sigaction by_default = {};
  by_default.sa_handler = SIG_DFL;
  struct sigaction before = {};
  sigaction(SIGTSTP, &by_default, &before);
  raise(SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  sigaction(SIGTSTP, &before, nullptr);
  terminal.Reclaim();
}

class Loop {
 public:
  Loop(TopState& top, Terminal& terminal, Worker* worker, int signals,
       Kernel* clock)
      : top_(top),
        terminal_(terminal),
        worker_(worker),
        signals_(signals),
        clock_(clock) {}

  void Run() {
    Draw();
    while (!quit_) {
      WaitForSomething();
      if (quit_) break;
      Draw();
    }
  }

 private:
  void Draw() {
    if (worker_ != nullptr) worker_->Watch(WantedTask(top_));
    terminal_.Show(Render(top_, terminal_.width(), terminal_.height()));
  }

  bool Ticks() const { return top_.replay && top_.replay->playing(); }

  void WaitForSomething() {
    pollfd fds[] = {{STDIN_FILENO, POLLIN, 0},
                    {signals_, POLLIN, 0},
                    {worker_ == nullptr ? -1 : worker_->news_fd(), POLLIN, 0}};
    const absl::Duration start = Now();
    const int timeout = Ticks() ? absl::ToInt64Milliseconds(kTick) : -1;
    if (poll(fds, std::size(fds), timeout) < 0 && errno != EINTR) {
      quit_ = true;
      return;
    }
    if (fds[1].revents != 0) ReadSignals();
    if (fds[2].revents != 0) ReadNews();
    if (fds[0].revents & POLLIN) ReadKeys();
    // The terminal has gone away.
    if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) quit_ = true;
    if (Ticks()) Advance(top_, Now() - start);
  }

  absl::Duration Now() { return clock_->Monotonic(); }

  void ReadSignals() {
    signalfd_siginfo info;
    while (read(signals_, &info, sizeof(info)) == sizeof(info)) {
      switch (info.ssi_signo) {
        case SIGWINCH:
          terminal_.Resize();
          break;
        case SIGTSTP:
          StopUntilContinued(terminal_);
          break;
        case SIGCONT:
          terminal_.Reclaim();
          break;
        default:
          quit_ = true;
      }
    }
  }

  void ReadNews() {
    Worker::News news = worker_->Fetch();
    if (news.sample) Take(top_, std::move(news.sample));
    if (news.task) Take(top_, *std::move(news.task));
    for (const ActionResult& result : news.results) Take(top_, result);
  }

  void ReadKeys() {
    for (;;) {
      const Key key = terminal_.ReadKey();
      if (key.code == KeyCode::kNone) break;
      Do(Press(top_, key));
    }
    if (worker_ != nullptr) worker_->SetInterval(top_.interval);
  }

  void Do(const Request& request) {
    switch (request.kind) {
      case RequestKind::kNothing:
        return;
      case RequestKind::kQuit:
        quit_ = true;
        return;
      case RequestKind::kRedraw:
        terminal_.Forget();
        return;
      case RequestKind::kSignal:
      case RequestKind::kReverse:
      case RequestKind::kPriceOfForce:
      case RequestKind::kForce:
        if (worker_ != nullptr) worker_->Do(request);
    }
  }

  TopState& top_;
  Terminal& terminal_;
  Worker* worker_;
  int signals_;
  Kernel* clock_;
  bool quit_ = false;
};

absl::Status CheckTerminal(const Console& console) {
  if (console.style.json) {
    return Error(ErrorKind::kUsage,
                 "top: has no JSON output; use 'klp-controller -j status' or "
                 "'klp-controller -j blocking'");
  }
  if (isatty(STDIN_FILENO) == 1 && console.style.out_is_terminal) {
    return absl::OkStatus();
  }
  return Error(ErrorKind::kUsage,
               "top: standard input and output are not a terminal; use "
               "'klp-controller status' or 'klp-controller blocking --watch'");
}

bool WantsColors(const TopOptions& options) {
  const char* no_color = getenv("NO_COLOR");
  return !options.no_color && (no_color == nullptr || *no_color == '\0');
}

absl::StatusOr<Replay> ReadRecord(Kernel& kernel, Recorder& recorder,
                                  const TopOptions& options) {
  if (options.file.empty()) {
    const absl::Status root = RequireRoot(kernel, "top --replay");
    if (!root.ok()) return root;
  }
  absl::StatusOr<HistoryStore> store = OpenReconciled(
      recorder, options.file.empty() ? recorder.path : options.file);
  absl::StatusOr<TransitionRecord> record =
      store.ok() ? store->Find(*options.replay)
                 : absl::StatusOr<TransitionRecord>(store.status());
  if (absl::IsNotFound(record.status())) {
    return Error(ErrorKind::kFailure, "top: no transition ", *options.replay,
                 " in the history; 'klp-controller history' lists them");
  }
  if (!record.ok()) return record.status();
  return Replay(kernel.ReadHost(), *std::move(record));
}

absl::StatusOr<std::unique_ptr<Terminal>> OpenTerminal(
    const TopOptions& options) {
  const char* type = getenv("TERM");
  return Terminal::Open(type == nullptr ? "dumb" : type, stdout, stdin,
                        WantsColors(options));
}

// Makes a worker that waits for a transition stop waiting.
void InterruptWaits() {
  CatchInterrupts();
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  raise(SIGTERM);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace

absl::StatusOr<int> RunTop(Context& context, const TopOptions& options) {
  const absl::Status is_terminal = CheckTerminal(context.console);
  if (!is_terminal.ok()) return is_terminal;
  TopState top;
  top.interval =
      std::clamp(options.interval, kShortestInterval, kLongestInterval);
  if (options.replay) {
    absl::StatusOr<Replay> replay =
        ReadRecord(context.kernel, context.recorder, options);
    if (!replay.ok()) return replay.status();
    StartReplay(top, *std::move(replay));
  }
  const absl::StatusOr<UniqueFd> signals = TakeSignals();
  if (!signals.ok()) return signals.status();
  std::unique_ptr<Worker> worker;
  absl::StatusOr<std::unique_ptr<Terminal>> terminal = OpenTerminal(options);
  if (!terminal.ok()) return terminal.status();
  if (!options.replay) {
    auto started = Worker::Start(context, top.interval);
    if (!started.ok()) return started.status();
    worker = *std::move(started);
  }
  Loop(top, **terminal, worker.get(), signals->get(), &context.kernel).Run();
  terminal->reset();
  if (worker == nullptr) return 0;
  InterruptWaits();
  if (!worker->Stop(kStopPatience)) std::_Exit(0);
  return 0;
}

}  // namespace klpx
