#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A module_init() that runs for a long time after klpx_enable_patch(), and then
# fails or succeeds: until it has returned no task is in the patch, so none
# needs to leave it.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/going.sh
. "$(dirname "$0")/lib/going.sh"

load_klpx
before=$(snapshot)
version=$(</proc/version)
begun=$(stat_of transitions)
start_workload "$WORKLOADS/fork_storm"
STORM=$PID

note "module_init() has not returned"
start_load hold=1
wait_for "module_init() to wait" held
for what in "enabled 1" "transition 1" "waits_for_init 1" "pending 0" \
  "target patched"; do
  expect_eq "${what% *}" "${what#* }" "$(attr $P "${what% *}")"
done
expect_eq "/proc/version" "$version" "$(</proc/version)"
expect_eq "/proc/version for a new task" "$version" "$(cat /proc/version)"
expect_eq "forcing all" EBUSY "$(errno_of write $SYS/$P/force 1)"
expect_logged "'$P': its module is still being loaded"
expect_eq "forcing one" ESRCH "$(errno_of write $SYS/$P/force_task $$)"
for what in signal kick; do
  expect_eq "$what" ok "$(errno_of write $SYS/$P/$what 1)"
done
expect_eq "another patch" EBUSY \
  "$(errno_of load "$(module_file klpx_test_waits)")"
others_load "module_init() waits"
expect_eq "/proc/version still" "$version" "$(</proc/version)"
let_go
end_load EIO
wait_for "module to be gone" not_loaded $P
expect_eq "transitions that have begun" "$begun" "$(stat_of transitions)"

for result in -5 0; do
  note "disabled before module_init() returns $result"
  start_load hold=1 result=$result
  wait_for "module_init() to wait" held
  start_disable $P
  await_gone $P
  expect_eq "/proc/version" "$version" "$(</proc/version)"
  let_go
  if ((result)); then
    end_load EIO
    wait_for "module to be gone" not_loaded $P
  else
    end_load ok
    unload $P
  fi
done

note "module_init() succeeds"
start_load hold=1 result=0
wait_for "module_init() to wait" held
let_go
end_load ok
await $P
expect_eq "waits_for_init" 0 "$(attr $P waits_for_init)"
expect_eq "/proc/version" $P "$(</proc/version)"
expect_more "transitions that have begun" "$begun" "$(stat_of transitions)"
disable_patch $P
end_storm $STORM
expect_eq "the system afterwards" "$before" "$(snapshot)"
unload_klpx
