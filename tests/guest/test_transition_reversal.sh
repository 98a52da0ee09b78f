#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# A transition that is reversed repeatedly in its middle: no task ever runs a
# mixture of old and new, and a task that blocked before still blocks.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"

P=klpx_demo_eventfd
ROUNDS=50
! is_slow || ROUNDS=10

# reverse PATCH VALUE TARGET
reverse() {
  write_attr "$1" enabled "$2"
  expect_eq "enabled after reversal" "$2" "$(attr "$1" enabled)"
  expect_eq "target after reversal" "$3" "$(attr "$1" target)"
}

# again PATCH: reverses it twice in quick succession. Nothing blocks the way
# back, so it may be complete before the second reversal. The patch is gone
# then, and is enabled again.
again() {
  local enabled=$SYS/$1/enabled
  echo 0 >"$enabled"
  if ! { echo 1 >"$enabled"; } 2>/dev/null; then
    await_gone "$1"
    unload "$1"
    load_patch "$1"
  fi
}

load_klpx
load_patch klpx_test_device
start_reader

note "a task blocks in the old function, $ROUNDS times back and forth"
load_patch $P
only_pending $P 1
expect_eq "enabled=1 while enabling" EINVAL "$(errno_of write $SYS/$P/enabled 1)"
reversals=$(stat_of reversals)
for ((round = 0; round < ROUNDS; round++)); do again $P; done
expect_more "reversals" $((reversals + ROUNDS)) $(($(stat_of reversals) + 1))
only_pending $P 1
write_attr $P signal 1
await $P
give_reader 2
expect_eq "new side" "read 1" "$(next_read)"
expect_eq "new side" "read 1" "$(next_read)"

note "a task blocks in the new function: back to enabled, and to disabled"
wait_for "reader to sleep" sleeps_in "$READER_TID" demo_eventfd_read
start_disable $P
only_pending $P 1
reverse $P 1 patched
await $P
expect_eq "disable reversed" 1 "$(attr $P enabled)"
start_disable $P
only_pending $P 1
write_attr $P signal 1
await_gone $P
unload $P
give_reader 7
expect_eq "old side" "read 7" "$(next_read)"

note "callers and callees, while a sleeper keeps the transition open"
counts=$(mktemp)
readers=()
as_found=$(preempt_mode)
modes=0
for preempt in $(echo voluntary lazy full "$as_found" | xargs -n1 | sort -u); do
  set_preempt "$preempt" || continue
  ((++modes))
  for _ in 1 2 3; do
    start_workload "$WORKLOADS/pair_reader" >>"$counts"
    readers+=("$PID")
  done
  start_sleeper killable
  load_patch klpx_test_pair
  reversals=$(stat_of reversals)
  for ((round = 0; round < ROUNDS; round++)); do again klpx_test_pair; done
  note "preempt=$preempt: $(($(stat_of reversals) - reversals)) reversals"
  echo 1 >/dev/klpx_killable
  await klpx_test_pair
  disable_patch klpx_test_pair
  for pid in "${readers[@]}"; do end_storm "$pid"; done
  readers=()
done
note "$(paste -sd' ' "$counts")"
set_preempt "$as_found"
[[ $(grep -c 'old [1-9].* new [1-9]' "$counts") == $((modes * 3)) ]] ||
  fail "a reader has not seen both sides"
stop_reader
wait_for "device to be closed" unused klpx_test_device
unload klpx_test_device
unload_klpx
