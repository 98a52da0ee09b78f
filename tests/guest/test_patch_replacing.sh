#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Atomic replace in the middle of its transition: nops, the old patches, a
# reversal, and a target that is unloaded and loaded.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/policy.sh
. "$(dirname "$0")/lib/policy.sh"

model_start
# The engine would signal a sleeper after 15 s; a slow machine takes that long.
rules <<<$'[default]\ndo = "leave"'
apply
load_patch $TARGET

note "nops exist during the transition, and so does the old patch"
enable_patch $A "replace=1 version=1 funcs=$ONE,$WAIT"
start_target_sleeper # in the new model_target_wait()
load_patch $B "replace=1 funcs=$TWO"
only_pending $B 1
expect_eq "nops" "$ONE,1 $TWO,1 $WAIT,1" "$(functions_of $B $TARGET)"
expect_eq "nop" "version_proc_show,1" "$(functions_of $B vmlinux)"
expect_eq "both enabled" "1 1" "$(attr $A enabled) $(attr $B enabled)"
refused_write "the replaced one" EBUSY $A enabled 0
target_reads "a switched task" one b
expect_version "a switched task" "$BOOT_VERSION"
refused "another patch" EBUSY klpx_test_version1

note "reversed, the old patch stays; forward again, it is replaced"
start_disable $B
await_gone $B
unload $B
target_reads "back" a two
expect_version "back" a
expect_eq "enabled" 1 "$(attr $A enabled)"
load_patch $B "replace=1 funcs=$TWO"
only_pending $B 1
expect_eq "unloading the old one" EAGAIN "$(errno_of unload $A)"
write_attr $B signal 1
await $B
replaced $A
expect_eq "no nop is left" "$TWO,1" "$(functions_of $B $TARGET)"
end_sleeper

note "the target is unloaded while nops of it are in transition"
load_patch klpx_test_device
enable_patch $A "killable=1 funcs=$ONE"
start_sleeper killable
load_patch $C "replace=1 version=1"
only_pending $C 1
unload $TARGET
load_patch $TARGET
target_reads "a switched task" one two
end_sleeper
await $C
replaced $A $B
disable_patch $C
for name in klpx_test_device $TARGET; do unload "$name"; done
cli 0 policy unload
wait_for "no policy" nothing_attached
model_end
