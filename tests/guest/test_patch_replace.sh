#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Atomic replace: one transition switches every task from all earlier patches to
# the new one; functions that it does not have return to the original.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

model_start
load_patch $TARGET

note "v1, then v2 without two of its functions, then v1 again"
enable_patch $A "replace=1 version=1 funcs=$ONE,$TWO"
expect_eq "replace" 1 "$(attr $A replace)"
write_attr $A fastpath all
enable_patch $B "replace=1 funcs=$TWO"
replaced $A
expect_eq "fastpath, as it was set for the one replaced" all "$(attr $B fastpath)"
write_attr $B fastpath off
target_reads "v2" one b
expect_version "v2" "$BOOT_VERSION"
expect_eq "functions" "$TWO,1" "$(functions_of $B $TARGET)"
expect_eq "stack_order" 1 "$(attr $B stack_order)"
enable_patch $A "replace=1 version=1 funcs=$ONE,$TWO"
replaced $B
target_reads "v1 again" a a
expect_version "v1 again" a

note "replaced by a patch without any function"
enable_patch $B replace=1
replaced $A
target_reads "nothing left" one two
expect_untraced "nothing left"
[[ ! -d $SYS/$B/$TARGET ]] || fail "the object of the nops is still there"
disable_patch $B

note "three patches, not all cumulative, replaced by one: only its callbacks run"
enable_patch $A "callbacks=1 version=1"
enable_patch $B "callbacks=1 funcs=$ONE,$TWO"
said >/dev/null
enable_patch $C "replace=1 callbacks=1 funcs=$TWO"
replaced $A $B
expect_said "replace" c:pre_patch:vmlinux c:pre_patch:target \
  c:post_patch:vmlinux c:post_patch:target
target_reads "replaced" one c
expect_version "replaced" "$BOOT_VERSION"
enable_patch $A version=1 # on top, not replacing
expect_version "on top" a
disable_patch $C
expect_version "still there" a
disable_patch $A
said >/dev/null
unload $TARGET
model_end
