#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Cold ranges whose names do not identify their function: those of two functions
# of one name, of a function with an alias, and under a longer name. A task in
# one blocks, whichever function it is; a patch that stops the machine is refused.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/events.sh
. "$(dirname "$0")/lib/events.sh"
# shellcheck source=tests/guest/lib/parts.sh
. "$(dirname "$0")/lib/parts.sh"

P=klpx_test_many_patch

# in_part FILE COLD BODY FUNCTION [POSITION]
in_part() {
  local parameters="function=$4 position=${5:-0}"
  note "asleep in $2, $4 ${5:-} patched"
  start_parts_sleeper "$1" "$2" "$3"
  refused "a task in $2" EBUSY $P "$parameters stop_machine=1"
  load_patch $P "$parameters"
  expect_in_the_way $P "$4"
  start_disable $P
  await_gone $P
  unload $P
  stop_workload "$SLEEPER"
}

model_start
load_patch klpx_test_many
watch_events
for file in first second; do
  in_part $file many_same.cold many_same many_same 1
done
for name in zero two; do
  in_part alias many_one.cold "many_\(zero\|one\|two\)" many_$name
done
in_part split many_split.part.0 many_split many_split
ignore_events
unload klpx_test_many
model_end
