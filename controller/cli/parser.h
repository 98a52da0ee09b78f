// SPDX-License-Identifier: GPL-2.0
// The parser of the command line, made of the tables of verbs and flags.
#ifndef KLPX_CONTROLLER_CLI_PARSER_H_
#define KLPX_CONTROLLER_CLI_PARSER_H_

#include <CLI/CLI.hpp>
#include <string>

#include "controller/cli/arguments.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// Adds every verb, with its flags, and those that all verbs take; parsing
// writes into arguments and style, which have to live as long as app.
void AddCommandLine(CLI::App& app, const std::string& version,
                    Arguments& arguments, OutputStyle& style);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_PARSER_H_
