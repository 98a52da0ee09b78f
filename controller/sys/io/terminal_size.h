// SPDX-License-Identifier: GPL-2.0
// Tells whether a descriptor is a terminal, and its width.
#ifndef KLPX_CONTROLLER_SYS_IO_TERMINAL_SIZE_H_
#define KLPX_CONTROLLER_SYS_IO_TERMINAL_SIZE_H_

#include <cstddef>
#include <optional>

namespace klpx {

// Is it a terminal that understands escape sequences? Not if TERM is "dumb" or
// not set.
bool IsTerminal(int fd);

// The current number of columns. Nothing if the descriptor is not a terminal,
// or the terminal does not report its width.
std::optional<size_t> TerminalColumns(int fd);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_TERMINAL_SIZE_H_
