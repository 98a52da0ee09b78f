# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the engine reports about one task, read from its tracepoints in tracefs.
# Sourced after klpx.sh.

TRACING=/sys/kernel/tracing

watch_events() { echo 1 >$TRACING/events/klpx/enable; }

forget_events() { echo >$TRACING/trace; }

ignore_events() {
  echo 0 >$TRACING/events/klpx/enable
  forget_events
}

# last_event NAME TID FIELD: the value of FIELD in the task's last such event.
last_event() {
  grep " $1: .* tid=$2 " $TRACING/trace | tail -n 1 |
    grep -o " $3=[^ ]*" | cut -d= -f2 || true
}

last_event_is() { [[ $(last_event "$1" "$2" "$3") == "$4" ]]; }

# expect_verdict TID REASON [FUNCTION]: why the task has not been switched. The
# function is reported by its old name, whichever version is on the stack.
expect_verdict() {
  wait_for "task $1 reported as $2" last_event_is klpx_task_blocked "$1" \
    reason "$2"
  expect_eq "function that task $1 blocks on" "${3:-}" \
    "$(last_event klpx_task_blocked "$1" function)"
}

# expect_switched TID HOW
expect_switched() {
  wait_for "task $1 switched $2 (not $(last_event klpx_task_switched "$1" how))" \
    last_event_is klpx_task_switched "$1" how "$2"
}

switched_itself() {
  [[ $(last_event klpx_task_switched "$1" how) == @(kernel-exit|context-switch) ]]
}

# expect_switched_itself TID: it has left the function and was switched when it
# returned to user space, or before, if it was preempted.
expect_switched_itself() {
  wait_for "task $1 to be switched as it runs" switched_itself "$1"
}
