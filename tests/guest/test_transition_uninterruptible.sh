#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tasks asleep in patched functions that no signal wakes, a user task and a
# kernel thread: signals do not help; the end of what they wait for does.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/events.sh
. "$(dirname "$0")/lib/events.sh"

P=klpx_test_waits
GRACE_SECONDS=2 # far longer than an effective signal takes

# expect_stuck TID REASON FUNCTION
expect_stuck() {
  expect_verdict "$@"
  write_attr $P signal 1
  write_attr $P signal_task "$1"
  write_attr $P kick 1
  sleep $GRACE_SECONDS
  expect_eq "pending after a signal" 1 "$(attr $P pending)"
}

load_klpx
watch_events
load_patch klpx_test_device
start_sleeper killable

note "a user task"
load_patch $P
only_pending $P 1
expect_stuck "$SLEEPER" uninterruptible wait_for_completion_killable
echo 1 >/dev/klpx_killable
await $P
wait "$SLEEPER"
expect_eq "/proc/version" $P "$(</proc/version)"

note "the same in the replacement, disabling"
start_workload cat /dev/klpx_killable
SLEEPER=$PID
wait_for "sleeper to sleep" sleeps_in "$SLEEPER" wait_killable
start_disable $P
only_pending $P 1
expect_stuck "$SLEEPER" uninterruptible wait_for_completion_killable
echo 1 >/dev/klpx_killable
await_gone $P
wait "$SLEEPER"
unload $P

# in_thread KILLABLE REASON FUNCTION
in_thread() {
  local tid
  note "a kernel thread, killable=$1"
  load_patch klpx_test_waiter "killable=$1"
  tid=$(kthread_tid klpx_waiter)
  wait_for "thread to sleep" sleeps_in "$tid" waiter_body
  load_patch $P
  only_pending $P 1
  expect_stuck "$tid" "$2" "$3"
  unload klpx_test_waiter
  await $P
  disable_patch $P
}
in_thread 0 on-function wait_for_completion_interruptible
in_thread 1 uninterruptible wait_for_completion_killable

ignore_events
unload klpx_test_device
unload_klpx
