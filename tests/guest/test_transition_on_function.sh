#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A task in interruptible sleep in the patched function: it stays pending, on
# its old side, until a fake signal; its program does not notice the signal.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/events.sh
. "$(dirname "$0")/lib/events.sh"

P=klpx_demo_eventfd

# expect_reader_new: the reader runs the patch: eventfds count down by one.
expect_reader_new() {
  give_reader 2
  expect_eq "first read" "read 1" "$(next_read)"
  expect_eq "second read" "read 1" "$(next_read)"
}
expect_reader_old() {
  give_reader 5
  expect_eq "read" "read 5" "$(next_read)"
}

load_klpx
watch_events
start_reader

note "targeted signal, enabling"
load_patch $P
only_pending $P 1
expect_verdict "$READER_TID" on-function eventfd_read
signals=$(stat_of signals)
exits=$(stat_of switched_kernel_exit)
expect_eq "signal to a task that is not pending" ESRCH \
  "$(errno_of write $SYS/$P/signal_task $$)"
write_attr $P signal_task "$READER_TID"
await $P
expect_switched_itself "$READER_TID"
expect_eq "signals sent" 1 $(($(stat_of signals) - signals))
expect_more "tasks switched at kernel exit" "$exits" \
  "$(stat_of switched_kernel_exit)"
expect_reader_new

note "signal to all, disabling"
wait_for "reader to sleep" sleeps_in "$READER_TID" demo_eventfd_read
start_disable $P
only_pending $P 1
expect_verdict "$READER_TID" on-function eventfd_read
write_attr $P signal 1
await_gone $P
expect_reader_old
unload $P

note "no signal: the write that it waits for ends its sleep in the old code"
wait_for "reader to sleep" sleeps_in "$READER_TID" eventfd_read
load_patch $P
only_pending $P 1
expect_reader_old
await $P
expect_reader_new

note "no action: the engine's own signal after 15 s"
wait_for "reader to sleep" sleeps_in "$READER_TID" demo_eventfd_read
start_disable $P
only_pending $P 1
await_gone $P
expect_reader_old
unload $P
stop_reader
ignore_events
unload_klpx
