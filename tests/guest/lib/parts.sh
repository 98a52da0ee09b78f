# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Tasks asleep in a cold range of a function. Sourced after klpx.sh, workloads.sh
# and events.sh.

OUTPUT=$(mktemp)

# start_parts_sleeper FILE FUNCTION NOT: asleep in FUNCTION, without NOT on its
# stack.
start_parts_sleeper() {
  start_workload cat "/proc/klpx_parts_$1" >"$OUTPUT"
  SLEEPER=$PID
  wait_for "sleeper to sleep" sleeps_in "$SLEEPER" klpx_model_sleep
  grep -q "\b$2+" "/proc/$SLEEPER/stack" || fail "the sleeper is not in $2"
  ! grep -q " $3+" "/proc/$SLEEPER/stack" || fail "the sleeper is in $3 itself"
}

# expect_in_the_way PATCH FUNCTION
expect_in_the_way() {
  only_pending "$1" 1
  expect_verdict "$SLEEPER" on-function "$2"
}
