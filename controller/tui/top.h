// SPDX-License-Identifier: GPL-2.0
// top: shows a running transition on a terminal, or replays a past one.
#ifndef KLPX_CONTROLLER_TUI_TOP_H_
#define KLPX_CONTROLLER_TUI_TOP_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "controller/ops/entry/context.h"

namespace klpx {

struct TopOptions {
  std::optional<int64_t> replay;  // id of a transition in the history
  std::string file;               // "" for the history of this machine
  bool no_color = false;
  absl::Duration interval = absl::Seconds(1);
};

// Runs until the user quits. kUsage without a terminal.
absl::StatusOr<int> RunTop(Context& context, const TopOptions& options);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_TUI_TOP_H_
