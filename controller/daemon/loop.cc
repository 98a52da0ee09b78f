// SPDX-License-Identifier: GPL-2.0
// The daemon's one loop.
#include "controller/daemon/loop.h"

#include <poll.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/publish/daemon_report.h"
#include "controller/daemon/journal.h"
#include "controller/sys/io/errno_status.h"

namespace klpx {
namespace {

// How soon the daemon notices that the process that waited for a transition
// has left.
constexpr absl::Duration kMovingPoll = absl::Milliseconds(250);
// klpx.ko notifies of the start of a transition, but nothing notifies of the
// loading of klpx.ko itself.
constexpr absl::Duration kIdlePoll = absl::Seconds(1);

}  // namespace

absl::StatusOr<std::unique_ptr<Loop>> Loop::Create(const Machine& machine,
                                                   Rules& rules) {
  sigset_t taken;
  sigemptyset(&taken);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&taken, number);
  // If the reader of stderr goes away, the daemon keeps running.
  signal(SIGPIPE, SIG_IGN);
  if (sigprocmask(SIG_BLOCK, &taken, nullptr) != 0) {
    return ErrnoError(errno, "daemon: sigprocmask");
  }
  UniqueFd signals(signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals.ok()) return ErrnoError(errno, "daemon: signalfd");
  return std::unique_ptr<Loop>(new Loop(machine, rules, std::move(signals)));
}

void Loop::Add(std::unique_ptr<Job> job) {
  jobs_.push_back({std::move(job), JobTimer()});
}

void Loop::RunJobs(bool changed) {
  for (Planned& planned : jobs_) {
    if (changed) planned.timer.Changed();
    const absl::Duration interval = planned.job->Interval(machine_);
    if (planned.timer.IsDue(machine_.now, interval)) Do(planned);
  }
}

void Loop::Do(Planned& planned) {
  Job& job = *planned.job;
  const absl::Duration start = kernel_.Monotonic();
  const absl::Status done = job.Step(machine_);
  if (done.ok()) {
    planned.trouble.clear();
    planned.timer.Succeeded(machine_.now, kernel_.Monotonic() - start);
    return;
  }
  planned.trouble = absl::StrCat(job.name(), ": ", done.message());
  if (!planned.timer.Failed(machine_.now)) return;
  LogToJournal(Message::kJobFailed, planned.trouble,
               {{"KLPX_DUTY", std::string(job.name())}});
}

void Loop::SendStatus() {
  DaemonStanding standing;
  standing.patches = machine_.patches.size();
  for (const EngineState* state : {&machine_.klpx, &machine_.kernel}) {
    if (!state->moving || !state->running) continue;
    standing.moving.push_back(
        {state->moving->name, state->blockers.size(),
         machine_.now - absl::Nanoseconds(state->running->started_ns)});
  }
  standing.reversal_stalled = machine_.ReversalStalled();
  standing.trouble = rules_.mistake();
  for (const Planned& planned : jobs_) {
    if (standing.trouble.empty()) standing.trouble = planned.trouble;
  }
  manager_.Status(DaemonStatusLine(standing));
}

absl::Duration Loop::NextWake() const {
  absl::Duration next =
      machine_.now + (machine_.Moves() ? kMovingPoll : kIdlePoll);
  for (const Planned& planned : jobs_) {
    next =
        std::min(next, planned.timer.NextAt(planned.job->Interval(machine_)));
  }
  return std::min(next, manager_.NextAlive());
}

absl::StatusOr<Loop::Asked> Loop::Wait() {
  const absl::Duration left =
      std::max(NextWake() - kernel_.Monotonic(), absl::ZeroDuration());
  const timespec timeout = absl::ToTimespec(left);
  pollfd ready[] = {{signals_.get(), POLLIN, 0}, {poller_.fd(), POLLPRI, 0}};
  if (ppoll(ready, std::size(ready), &timeout, nullptr) < 0 && errno != EINTR) {
    return ErrnoError(errno, "daemon: poll");
  }
  Asked asked = Asked::kNothing;
  signalfd_siginfo info = {};
  while (read(signals_.get(), &info, sizeof(info)) == sizeof(info)) {
    if (info.ssi_signo != SIGHUP) return Asked::kStop;
    asked = Asked::kReload;
  }
  return asked;
}

void Loop::Reload() {
  manager_.Reloading(kernel_.Monotonic());
  rules_.Load(/*reload=*/true);
  manager_.Ready();
}

absl::Status Loop::Run() {
  uint64_t seen = 0;
  for (bool first = true;; first = false) {
    poller_.Poll(machine_);
    const bool changed = first || machine_.Changes() != seen;
    seen = machine_.Changes();
    RunJobs(changed);
    if (first) manager_.Ready();
    SendStatus();
    manager_.Alive(kernel_.Monotonic());
    const absl::StatusOr<Asked> asked = Wait();
    if (!asked.ok()) return asked.status();
    if (*asked == Asked::kReload) Reload();
    if (*asked == Asked::kStop) break;
  }
  manager_.Stopping();
  return absl::OkStatus();
}

}  // namespace klpx
