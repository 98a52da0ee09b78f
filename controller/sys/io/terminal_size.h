// SPDX-License-Identifier: GPL-2.0
// What kind of terminal a file descriptor is, if it is one.
#ifndef KLPX_CONTROLLER_SYS_IO_TERMINAL_SIZE_H_
#define KLPX_CONTROLLER_SYS_IO_TERMINAL_SIZE_H_

#include <cstddef>
#include <optional>

namespace klpx {

// A terminal that understands escape sequences: not TERM=dumb, nor none.
bool IsTerminal(int fd);

// Its columns at this moment. Nothing if it is none, or does not say.
std::optional<size_t> TerminalColumns(int fd);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_TERMINAL_SIZE_H_
