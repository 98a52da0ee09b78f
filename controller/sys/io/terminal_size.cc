// SPDX-License-Identifier: GPL-2.0
// Tells whether a descriptor is a terminal, and its width.
#include "controller/sys/io/terminal_size.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/string_view.h"

namespace klpx {

bool IsTerminal(int fd) {
  const char* type = getenv("TERM");
  return isatty(fd) == 1 && type != nullptr && absl::string_view(type) != "" &&
         absl::string_view(type) != "dumb";
}

std::optional<size_t> TerminalColumns(int fd) {
  winsize size = {};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return std::nullopt;
  }
  return size.ws_col;
}

}  // namespace klpx
