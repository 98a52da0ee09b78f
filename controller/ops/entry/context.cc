// SPDX-License-Identifier: GPL-2.0
// All that the entry point of a verb, of the daemon and of top is given.
#include "controller/ops/entry/context.h"

namespace klpx {

Context::Context(const Machine& machine, std::ostream& out, std::ostream& err)
    : machine(machine),
      kernel(machine.kernel),
      console{out, err},
      recorder{kernel, console},
      boot{kernel, console} {}

Context::Context(const Context& outer, std::ostream& out, std::ostream& err)
    : Context(outer.machine, out, err) {
  recorder.path = outer.recorder.path;
  recorder.verb = outer.recorder.verb;
  recorder.by = outer.recorder.by;
  ownership = outer.ownership;
  boot.state_dir = outer.boot.state_dir;
  boot.run_dir = outer.boot.run_dir;
  boot.verb = outer.boot.verb;
  program_dir = outer.program_dir;
}

void Context::SetVerb(absl::string_view verb) {
  recorder.verb = std::string(verb);
  ownership.verb = std::string(verb);
  boot.verb = std::string(verb);
}

Supervisor Context::supervisor() {
  return {kernel, machine.observer, console, recorder, ownership};
}

}  // namespace klpx
