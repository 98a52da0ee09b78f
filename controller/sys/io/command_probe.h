// SPDX-License-Identifier: GPL-2.0
// A program of the operator's that is run to ask whether the machine is well.
// Nothing here waits: Poll() is called until it tells how the program ended.
#ifndef KLPX_CONTROLLER_SYS_IO_COMMAND_PROBE_H_
#define KLPX_CONTROLLER_SYS_IO_COMMAND_PROBE_H_

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

struct CommandEnd {
  int start_error = 0;  // errno, if it could not be run at all
  int wait_status = 0;  // of waitpid()
  std::string output;   // the end of what it wrote to stdout and stderr
};

// "exit status 3", "killed by signal 9", "No such file or directory".
std::string EndWords(const CommandEnd& end);

class CommandProbe {
 public:
  // Without a shell, in a process group of its own, with nothing to read, in
  // the root directory, and with an environment that is the same whoever
  // starts it: PATH, LANG and KLPX_PATCH. It dies with this process.
  static absl::StatusOr<CommandProbe> Start(
      const std::vector<std::string>& words, const std::string& patch);

  // Kills the process group if the program still runs. One that cannot be
  // killed (it waits for a dead server) is not waited for, but collected when
  // the next probe starts or goes.
  ~CommandProbe();
  CommandProbe(CommandProbe&& other) noexcept;
  CommandProbe& operator=(CommandProbe&& other) = delete;

  // Nothing while it runs. What it left in its group is killed then.
  std::optional<CommandEnd> Poll();
  const std::string& output() const { return output_; }

 private:
  CommandProbe(pid_t pid, UniqueFd pipe, UniqueFd failure)
      : pid_(pid), pipe_(std::move(pipe)), failure_(std::move(failure)) {}
  void ReadOutput();

  pid_t pid_;  // 0: it is over
  UniqueFd pipe_;
  UniqueFd failure_;  // carries errno if there was no exec
  std::string output_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_COMMAND_PROBE_H_
