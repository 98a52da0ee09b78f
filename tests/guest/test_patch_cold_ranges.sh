#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A task that is in a function without having an address of it on its stack:
# asleep in a cold range (NAME.cold) of the original or of a replacement, or behind a tail call of a replacement. It
# blocks, and is reported as being in that function; a patch that stops the
# machine is refused.
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

P=klpx_test_parts_patch
OVER="object=klpx_test_parts funcs=parts_cold"

model_start
load_patch klpx_test_parts
watch_events

note "in the cold range of the original"
start_parts_sleeper cold parts_cold.cold parts_cold
refused "a task in the cold range" EBUSY $P stop_machine=1
load_patch $P
expect_in_the_way $P parts_cold
write_attr $P signal_task "$SLEEPER"
await $P
expect_switched_itself "$SLEEPER"
stop_workload "$SLEEPER"

note "in the cold range of a replacement, replaced once more"
start_parts_sleeper cold new_parts_cold.cold new_parts_cold
load_patch $A "$OVER"
expect_in_the_way $A parts_cold
start_disable $A
await_gone $A
unload $A
refused "a task in the cold range" EBUSY $A "$OVER stop_machine=1"
enable_patch klpx_demo_cmdline # a task in another patch does not block
disable_patch klpx_demo_cmdline

note "in the cold range of a replacement that is being disabled"
start_disable $P
expect_in_the_way $P parts_cold
write_attr $P enabled 1
await $P
stop_workload "$SLEEPER"

note "behind a tail call of a replacement"
start_parts_sleeper tail parts_helper new_parts_tail
start_disable $P
only_pending $P 1
wait_for "its verdict" last_event_is klpx_task_blocked "$SLEEPER" reason on-function
expect_eq "transition" 1 "$(attr $P transition)"
stop_workload "$SLEEPER" INT
await_gone $P
unload $P

ignore_events
unload klpx_test_parts
model_end
