#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A patch module that is going with a task in its patch: it is removed by force,
# or its module_init() fails after the patch has stopped the machine. Until the
# task has left, the module stays, `enabled` reads 0 and cannot be written, and
# no other module of the machine waits.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/going.sh
. "$(dirname "$0")/lib/going.sh"

W=klpx_test_waits

syncs_more_than() { (($(stat_of cpu_syncs) > $1)); }
is_leaving() { [[ $(attr "$1" enabled) == 0 ]]; }

cannot_be_written() {
  expect_eq "enabled" 0 "$(attr "$1" enabled)"
  expect_eq "writing 0" EBUSY "$(errno_of write "$SYS/$1/enabled" 0)"
  expect_eq "writing 1" EBUSY "$(errno_of write "$SYS/$1/enabled" 1)"
  expect_eq "enabled afterwards" 0 "$(attr "$1" enabled)"
}

load_klpx
load_patch klpx_test_device
before=$(snapshot)

note "removed by force"
load_patch $W
await $W
start_sleeper killable
reversals=$(stat_of reversals)
rmmod -f $W &
REMOVER=$!
wait_for "patch to be taken back" is_leaving $W
only_pending $W 1
cannot_be_written $W
others_load "$W is taken back"
only_pending $W 1
expect_eq "target" unpatched "$(attr $W target)"
expect_eq "reversals" "$reversals" "$(stat_of reversals)"
expect_logged "module '$W' is being removed by force while its patch is enabled"
is_loaded $W || fail "$W is gone although a task is in it"
echo 1 >/dev/klpx_killable
wait "$SLEEPER"
await_gone $W
wait "$REMOVER"
wait_for "module to be gone" not_loaded $W

note "a task is in the patch of a module that fails"
start_load inside=1
wait_for "patch to be enabled" [ -e $SYS/$P/enabled ]
start_workload cat /dev/klpx_killable
SLEEPER=$PID
wait_for "sleeper to sleep" sleeps_in "$SLEEPER" fails_wait_killable
wait_for "patch to be taken back" is_leaving $P
expect_logged "module '$P' has failed to load while its patch is enabled"
wait_for "some tries" syncs_more_than $(($(stat_of cpu_syncs) + 20))
cannot_be_written $P
others_load "$P is taken back"
expect_eq "times the task is named" 1 \
  "$(dmesg | grep -c "klpx: '$P': task cat:$SLEEPER is in function")"
echo 1 >/dev/klpx_killable
wait "$SLEEPER"
await_gone $P
end_load EIO
wait_for "module to be gone" not_loaded $P
expect_eq "the system afterwards" "$before" "$(snapshot)"
unload klpx_test_device
unload_klpx
