// SPDX-License-Identifier: GPL-2.0
// What can be written after 'serve' and 'metrics'. Part of main.cc.
#ifndef KLPX_CONTROLLER_SERVE_FLAGS_H_
#define KLPX_CONTROLLER_SERVE_FLAGS_H_

#include <CLI/CLI.hpp>

#include "controller/commands/commands.h"
#include "controller/web/serve.h"

namespace klpx {

void AddServeFlags(CLI::App& app, ServeOptions& options);
void AddMetricsFlags(CLI::App& app, MetricsOptions& options);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SERVE_FLAGS_H_
