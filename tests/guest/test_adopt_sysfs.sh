#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The files of an adopted patch under /sys/kernel/livepatch, and patch_state of
# tasks, behave as the kernel's document says: in a transition that a task
# blocks, reversed, signalled, and completed.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/adopt.sh
. "$(dirname "$0")/lib/adopt.sh"

# mode PATH: below the directory that tools know.
mode() { stat --format %A "$THEIRS/$1"; }

adopt_start
load_patch $TARGET
load_patch klpx_test_device
start_sleeper killable

note "a task blocks"
expect_eq "patch_state outside a transition" -1 "$(patch_state "$SLEEPER")"
load_patch $X "version=1 killable=1 funcs=$ONE"
is_adopted $X
only_pending $X 1
SYS=$THEIRS
expect_eq "enabled" 1 "$(attr $X enabled)"
expect_eq "transition" 1 "$(attr $X transition)"
expect_eq "replace" 0 "$(attr $X replace)"
expect_eq "stack_order" 1 "$(attr $X stack_order)"
expect_eq "vmlinux/patched" 1 "$(attr $X vmlinux/patched)"
expect_eq "$TARGET/patched" 1 "$(attr $X $TARGET/patched)"
expect_eq "functions" "version_proc_show,1 wait_for_completion_killable,1" \
  "$(functions_of $X vmlinux)"
expect_eq "functions" "$ONE,1" "$(functions_of $X $TARGET)"
expect_eq "patch_state of the blocked task" 0 "$(patch_state "$SLEEPER")"
expect_eq "patch_state of another" 1 "$(patch_state $$)"
expect_eq "modes" "-rw-r--r-- -r--r--r-- --w------- -r--r--r-- -r--r--r--" \
  "$(mode $X/enabled) $(mode $X/transition) $(mode $X/force) $(
    mode $X/replace) $(mode $X/stack_order)"
expect_eq "enabled=1 while enabling" EINVAL \
  "$(errno_of write $THEIRS/$X/enabled 1)"
expect_eq "enabled=x" EINVAL "$(errno_of write $THEIRS/$X/enabled x)"
expect_eq "force=0" ok "$(errno_of write $THEIRS/$X/force 0)"
expect_eq "another patch" EBUSY "$(errno_of load "$(module_file $Y)" version=1)"

note "reversed: it goes"
start_disable $X
await_gone $X
[[ ! -L $THEIRS/$X ]] || fail "the link is still there"
expect_eq "patch_state" -1 "$(patch_state "$SLEEPER")"
unload $X

note "the task goes on: it completes"
load_patch $X "version=1 killable=1"
SYS=$OURS only_pending $X 1
echo 1 >/dev/klpx_killable
await $X
expect_eq "patch_state" -1 "$(patch_state $$)"
expect_eq "enabled=1, enabled" EINVAL "$(errno_of write $THEIRS/$X/enabled 1)"
expect_eq "force outside" EINVAL "$(errno_of write $THEIRS/$X/force 1)"

note "disabling, reversed, disabled"
start_workload cat /dev/klpx_killable
SLEEPER=$PID
wait_for "sleeper" sleeps_in "$SLEEPER" adopt_wait_killable
start_disable $X
SYS=$OURS only_pending $X 1
expect_eq "enabled" 0 "$(attr $X enabled)"
expect_eq "patch_state of the blocked task" 1 "$(patch_state "$SLEEPER")"
expect_eq "patch_state of another" 0 "$(patch_state $$)"
write_attr $X enabled 1
await $X
expect_eq "enabled" 1 "$(attr $X enabled)"
expect_version "reversed" x
start_disable $X
echo 1 >/dev/klpx_killable
await_gone $X
unload $X
expect_version "disabled" "$BOOT_VERSION"
SYS=$OURS
wait_for "device to be closed" unused klpx_test_device
unload klpx_test_device

note "two patches: stack_order, and the newest is in effect"
adopted $X "version=1 funcs=$ONE"
adopted $Y "version=1 funcs=$ONE"
expect_version "two" y
target_reads "two" y two
expect_eq "stack_order" "1 2" \
  "$(<$THEIRS/$X/stack_order) $(<$THEIRS/$Y/stack_order)"
disable_patch $X
expect_eq "stack_order" 1 "$(<$THEIRS/$Y/stack_order)"
target_reads "one" y two
disable_patch $Y
target_reads "none" one two
unload $TARGET
adopt_end
