// SPDX-License-Identifier: GPL-2.0
// Runs a program of the operator that says whether the machine is healthy.
// Nothing here waits: call Poll() until it says how the program ended.
#ifndef KLPX_CONTROLLER_SYS_IO_COMMAND_PROBE_H_
#define KLPX_CONTROLLER_SYS_IO_COMMAND_PROBE_H_

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

struct CommandEnd {
  int start_error = 0;  // errno, if the program could not be run at all
  int wait_status = 0;  // from waitpid()
  std::string output;   // the end of its stdout and stderr
};

// "exit status 3", "killed by signal 9", "No such file or directory".
std::string EndWords(const CommandEnd& end);

class CommandProbe {
 public:
  // Starts the program without a shell, in its own process group and in the
  // root directory, with an empty stdin and a fixed environment: PATH, LANG and
  // KLPX_PATCH. It is killed when this process exits.
  static absl::StatusOr<CommandProbe> Start(
      const std::vector<std::string>& words, const std::string& patch);

  // Kills the process group if the program is still running. Does not wait for
  // a program that cannot be killed (such as one that waits for a dead server):
  // it is reaped when a later probe starts or ends.
  ~CommandProbe();
  CommandProbe(CommandProbe&& other) noexcept;
  CommandProbe& operator=(CommandProbe&& other) = delete;

  // Nothing while the program runs. When it has ended, the rest of its process
  // group is killed.
  std::optional<CommandEnd> Poll();
  const std::string& output() const { return output_; }

 private:
  CommandProbe(pid_t pid, UniqueFd pipe, UniqueFd failure)
      : pid_(pid), pipe_(std::move(pipe)), failure_(std::move(failure)) {}
  void ReadOutput();

  pid_t pid_;  // 0: it has ended
  UniqueFd pipe_;
  UniqueFd failure_;  // carries errno if exec failed
  std::string output_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_COMMAND_PROBE_H_
