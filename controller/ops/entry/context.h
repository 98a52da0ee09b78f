// SPDX-License-Identifier: GPL-2.0
// All that the entry point of a verb, of the daemon and of top is given. It
// hands each function its part: what operations do is independent of the whole
// (tests/lint/layers.py).
#ifndef KLPX_CONTROLLER_OPS_ENTRY_CONTEXT_H_
#define KLPX_CONTROLLER_OPS_ENTRY_CONTEXT_H_

#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "controller/ops/boot/boot_files.h"
#include "controller/ops/console/console.h"
#include "controller/ops/history/recorder.h"
#include "controller/ops/kernel/machine.h"
#include "controller/ops/transition/ownership.h"
#include "controller/ops/transition/supervisor.h"

namespace klpx {

// Its parts refer to each other, so it stays where it was made.
struct Context {
  Context(const Machine& machine, std::ostream& out, std::ostream& err);
  // For a verb that is run by another verb: the same machine, recorded verb,
  // files and ownership as the outer one, but its own output, style and
  // transition.
  Context(const Context& outer, std::ostream& out, std::ostream& err);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // The verb as history and locks name it.
  void SetVerb(absl::string_view verb);

  Supervisor supervisor();

  Machine machine;
  Kernel& kernel;  // of the machine
  Console console;
  Recorder recorder;
  Ownership ownership;
  BootFiles boot;
  std::string program_dir;  // where klp-controller itself is
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_ENTRY_CONTEXT_H_
