// SPDX-License-Identifier: GPL-2.0
// Runs a program of the operator as a health probe.
#include "controller/sys/io/command_probe.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/sys/io/errno_status.h"

namespace klpx {
namespace {

constexpr size_t kOutputBytes = 2000;
// The most reads in one Poll(), so that a program that never stops writing does
// not keep us there.
constexpr int kReadsPerPoll = 64;
constexpr size_t kChunkBytes = 4096;
constexpr int kExitCannotRun = 127;
constexpr mode_t kUmask = 022;

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

// The environment takes nothing from the caller: the operator's shell, a
// pipeline and the daemon must get the same result.
std::vector<std::string> Environment(const std::string& patch) {
  return {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "LANG=C.UTF-8", absl::StrCat("KLPX_PATCH=", patch)};
}

// Probes that were killed, but have not exited yet.
std::vector<pid_t>& Undead() {
  static std::vector<pid_t>* const undead = new std::vector<pid_t>;
  return *undead;
}

void CollectUndead() {
  std::erase_if(Undead(), [](pid_t pid) {
    siginfo_t info = {};
    const int failed =
        waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG);
    if (failed != 0) return errno != EINTR;
    // A stop is told to the tracer of a child, too, and is not its end.
    return info.si_pid == pid &&
           (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED ||
            info.si_code == CLD_DUMPED);
  });
}

// In the child, between fork and exec: system calls only.
[[noreturn]] void Become(char* const* words, char* const* environment,
                         pid_t parent, int null, int output, int failure) {
  setpgid(0, 0);
  // If the process that runs the check is killed, the probe dies, too.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kExitCannotRun);
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  umask(kUmask);
  if (chdir("/") != 0) _exit(kExitCannotRun);
  dup2(null, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execve(words[0], words, environment);
  const int error_number = errno;
  // If even that fails, the exit status says so.
  if (write(failure, &error_number, sizeof(error_number)) < 0) {
    _exit(kExitCannotRun);
  }
  _exit(kExitCannotRun);
}

struct Pipe {
  UniqueFd read{-1};
  UniqueFd write{-1};
};

absl::StatusOr<Pipe> MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return ErrnoError(errno, "pipe");
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace

std::string EndWords(const CommandEnd& end) {
  if (end.start_error != 0) return std::strerror(end.start_error);
  if (WIFEXITED(end.wait_status)) {
    return absl::StrCat("exit status ", WEXITSTATUS(end.wait_status));
  }
  return absl::StrCat("killed by signal ", WTERMSIG(end.wait_status));
}

absl::StatusOr<CommandProbe> CommandProbe::Start(
    const std::vector<std::string>& words, const std::string& patch) {
  CollectUndead();
  absl::StatusOr<Pipe> output = MakePipe();
  if (!output.ok()) return output.status();
  // A successful exec closes this pipe; otherwise it carries the errno.
  absl::StatusOr<Pipe> failure = MakePipe();
  if (!failure.ok()) return failure.status();
  const UniqueFd null(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!null.ok()) return ErrnoError(errno, "open /dev/null");
  std::vector<std::string> own_words = words;
  std::vector<std::string> own_environment = Environment(patch);
  const std::vector<char*> argv = Pointers(own_words);
  const std::vector<char*> envp = Pointers(own_environment);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return ErrnoError(errno, "fork");
  if (pid == 0) {
    Become(argv.data(), envp.data(), parent, null.get(), output->write.get(),
           failure->write.get());
  }
  setpgid(pid, pid);  // here and in the child, whichever runs first
  fcntl(output->read.get(), F_SETFL, O_NONBLOCK);
  // Do not wait for an exec either, which may hang on a dead file server.
  fcntl(failure->read.get(), F_SETFL, O_NONBLOCK);
  return CommandProbe(pid, std::move(output->read), std::move(failure->read));
}

CommandProbe::CommandProbe(CommandProbe&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      pipe_(std::move(other.pipe_)),
      failure_(std::move(other.failure_)),
      output_(std::move(other.output_)) {}

CommandProbe::~CommandProbe() {
  if (pid_ == 0) return;
  kill(-pid_, SIGKILL);
  Undead().push_back(pid_);
  CollectUndead();
}

void CommandProbe::ReadOutput() {
  char chunk[kChunkBytes];
  for (int i = 0; i < kReadsPerPoll; i++) {
    const ssize_t got = read(pipe_.get(), chunk, sizeof(chunk));
    if (got <= 0) break;
    output_.append(chunk, static_cast<size_t>(got));
    if (output_.size() > kOutputBytes) {
      output_.erase(0, output_.size() - kOutputBytes);
    }
  }
}

std::optional<CommandEnd> CommandProbe::Poll() {
  ReadOutput();
  if (pid_ == 0) return std::nullopt;
  // WNOWAIT leaves the zombie, so that its number cannot be that of another
  // group before the kill below.
  siginfo_t info = {};
  if (waitid(P_PID, static_cast<id_t>(pid_), &info,
             WEXITED | WNOHANG | WNOWAIT) != 0 ||
      info.si_pid == 0) {
    return std::nullopt;
  }
  kill(-pid_, SIGKILL);
  CommandEnd end;
  while (waitpid(pid_, &end.wait_status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  if (read(failure_.get(), &end.start_error, sizeof(end.start_error)) !=
      sizeof(end.start_error)) {
    end.start_error = 0;
  }
  ReadOutput();
  end.output = output_;
  return end;
}

}  // namespace klpx
