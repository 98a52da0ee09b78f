// SPDX-License-Identifier: GPL-2.0
// The command-line parser, built from the tables of verbs and flags.
#ifndef KLPX_CONTROLLER_CLI_PARSER_H_
#define KLPX_CONTROLLER_CLI_PARSER_H_

#include <CLI/CLI.hpp>
#include <string>

#include "controller/cli/arguments.h"
#include "controller/ops/console/console.h"

namespace klpx {

// Adds every verb with its flags, and the flags that all verbs take. Parsing
// writes into arguments and style, which must outlive app.
void AddCommandLine(CLI::App& app, const std::string& version,
                    Arguments& arguments, OutputStyle& style);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_PARSER_H_
