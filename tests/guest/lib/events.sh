# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the engine says about one task, read from its tracepoints by tracefs.
# Sourced after klpx.sh.

TRACING=/sys/kernel/tracing

watch_events() { echo 1 >$TRACING/events/klpx/enable; }

forget_events() { echo >$TRACING/trace; }

ignore_events() {
  echo 0 >$TRACING/events/klpx/enable
  forget_events
}

# last_event NAME TID FIELD: its value in the last such event of the task.
last_event() {
  grep " $1: .* tid=$2 " $TRACING/trace | tail -n 1 |
    grep -o " $3=[^ ]*" | cut -d= -f2 || true
}

last_event_is() { [[ $(last_event "$1" "$2" "$3") == "$4" ]]; }

# expect_verdict TID REASON [FUNCTION]: why the task has not been switched. A
# function goes by its old name, whichever of its versions is on the stack.
expect_verdict() {
  wait_for "task $1 reported as $2" last_event_is klpx_task_blocked "$1" \
    reason "$2"
  expect_eq "function in the way of task $1" "${3:-}" \
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

# expect_switched_itself TID: it has left the function and was seen on its way
# out of the kernel, or, if something took the CPU from it before, then.
expect_switched_itself() {
  wait_for "task $1 to be switched as it runs" switched_itself "$1"
}
