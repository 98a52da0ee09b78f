// SPDX-License-Identifier: GPL-2.0
// What the parser read after the verb.
#ifndef KLPX_CONTROLLER_CLI_ARGUMENTS_H_
#define KLPX_CONTROLLER_CLI_ARGUMENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/tui/top.h"
#include "controller/verbs/verbs.h"
#include "controller/web/serve.h"

namespace klpx {

struct Arguments {
  std::string patch;
  std::vector<std::string> patches;  // for verbs that take several
  std::string timeout;
  std::string klpx_module;
  std::string engine;
  std::string adopt;  // "on", "off", ""
  std::optional<uint32_t> task;
  std::optional<uint32_t> pid;
  std::optional<uint32_t> tid;
  std::string delay = "1";
  std::string action = "show";
  std::string file;
  bool no_wait = false;
  bool reverse_on_timeout = false;
  bool may_force = false;
  bool dry_run = false;
  bool understood = false;
  bool watch = false;
  bool all = false;
  bool functions = false;
  bool no_gate = false;
  HistoryOptions history;
  std::string record;  // what 'explain' takes: an ID, a patch, or nothing
  TopOptions top;
  ServeOptions serve;
  MetricsOptions metrics;
  AcceptOptions accept;
  RestoreOptions restore;
  WaitOptions wait;  // filled in from the members above
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_ARGUMENTS_H_
