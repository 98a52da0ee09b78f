// SPDX-License-Identifier: GPL-2.0
// The flags of the verbs that are about what is loaded at boot.
#ifndef KLPX_CONTROLLER_BOOT_FLAGS_H_
#define KLPX_CONTROLLER_BOOT_FLAGS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "controller/commands/commands.h"

namespace klpx {

void AddAcceptFlags(CLI::App& app, AcceptOptions& options);

// `check` says what is wrong with a duration.
void AddRestoreFlags(CLI::App& app, RestoreOptions& options,
                     std::string& timeout,
                     std::string (*check)(const std::string&));

}  // namespace klpx

#endif  // KLPX_CONTROLLER_BOOT_FLAGS_H_
