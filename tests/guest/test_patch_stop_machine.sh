#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# Patches that stop the machine: enabled and disabled at one instant. Both are
# refused while a task is in one of the functions; the log names the task, and
# nothing has changed. No task ever sees a mixture.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

ROUNDS=10
! is_slow || ROUNDS=3
STOP="stop_machine=1 callbacks=1 version=1"

# Two sleepers; each is named in the log, with the function.
start_sleepers() {
  start_target_sleeper
  FIRST=$SLEEPER
  start_target_sleeper
}
is_named() {
  dmesg | grep -q "klpx: .*cat:$1 .*'$WAIT'" || fail "$1 is not named"
}
named() { is_named "$FIRST" && is_named "$SLEEPER"; }
end_sleepers() { stop_workload "$FIRST" && stop_workload "$SLEEPER"; }

# said_by_a WHAT VERB VERB: each callback for vmlinux, then for the target.
said_by_a() {
  expect_said "$1" "a:$2:vmlinux" "a:$2:target" "a:$3:vmlinux" "a:$3:target"
}

# until_done VERB ARGUMENT...: repeated while a task happens to block it.
until_done() {
  local answer deadline=$((SECONDS + WAIT_SECONDS))
  while answer=$(errno_of "$@") && [[ $answer == EBUSY ]]; do
    ((SECONDS < deadline)) || fail "${*:2}: refused for $WAIT_SECONDS s"
    BUSY=$((BUSY + 1))
  done
  expect_eq "$*" ok "$answer"
}

model_start
load_patch $TARGET
note "no task blocks"
said >/dev/null
load_patch $A "$STOP funcs=$ONE,$TWO"
expect_eq "transition after the enable" 0 "$(attr $A transition)"
target_reads "enabled" a a
expect_version "enabled" a
said_by_a "enabled" pre_patch post_patch
expect_eq "unloading it" EAGAIN "$(errno_of unload $A)"
unload $TARGET
load_patch $TARGET
target_reads "reloaded" a a
said >/dev/null
disable_patch $A
said_by_a "disabled" pre_unpatch post_unpatch

note "tasks in the old function"
start_sleepers
refused "enabling" EBUSY $A "$STOP funcs=$ONE,$WAIT"
named
target_reads "refused" one two
said_by_a "refused" pre_patch post_unpatch
end_sleepers

note "tasks in the new function"
load_patch $A "$STOP funcs=$ONE,$WAIT"
start_sleepers
said >/dev/null
refused_write "disabling" EBUSY $A enabled 0
named
target_reads "refused" a two
said_by_a "refused" pre_unpatch post_patch
end_sleepers
disable_patch $A

note "callers and callees"
BUSY=0
counts=$(mktemp)
readers=()
for _ in 1 2 3; do
  start_workload "$WORKLOADS/pair_reader" >>"$counts"
  readers+=("$PID")
done
for ((n = 0; n < ROUNDS; n++)); do
  until_done load "$(module_file klpx_test_pair)" stop_machine=1
  until_done write $SYS/klpx_test_pair/enabled 0
  await_gone klpx_test_pair
  unload klpx_test_pair
done
for pid in "${readers[@]}"; do end_storm "$pid"; done
note "$(paste -sd' ' "$counts"), refused $BUSY times"
expect_eq "readers that have seen both sides" 3 \
  "$(grep -c 'old [1-9].* new [1-9]' "$counts")"
unload $TARGET
model_end
