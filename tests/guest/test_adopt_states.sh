#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# States, shadow variables and atomic replace across adopted patches and those
# for klpx: there is one list of patches and one store, whichever kind asks.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/adopt.sh
. "$(dirname "$0")/lib/adopt.sh"

P="callbacks=1 version=1"
adopt_start
load_patch $TARGET
said >/dev/null

note "the previous state: adopted, native, adopted; each replaces the last"
adopted $X "$P ids=7 versions=1"
expect_said "x" x:pre_patch:vmlinux x:post_patch:vmlinux
enable_patch $A "$P ids=7 versions=2 replace=1"
replaced $X
expect_eq "the link of a replaced patch" no \
  "$([[ -L $THEIRS/$X ]] && echo yes || echo no)"
expect_said "a" a:pre_patch:vmlinux a:prev:x a:post_patch:vmlinux
expect_eq "$A/adopted" 0 "$(attr $A adopted)"
[[ ! -e $THEIRS/$A ]] || fail "a patch for klpx is shown as the kernel's"
adopted $Y "$P ids=7 versions=2 replace=1"
replaced $A
expect_said "y" y:pre_patch:vmlinux y:prev:a y:post_patch:vmlinux
expect_version "y" y
adopted $X "$P ids=7 versions=3 replace=1"
replaced $Y
expect_said "x again" x:pre_patch:vmlinux x:prev:y x:post_patch:vmlinux

note "states that are not compatible"
refused "an older version" EINVAL $Y "$P ids=7 versions=2 replace=1"
refused "an older version, native" EINVAL $A "$P ids=7 versions=2 replace=1"
refused "a state is missing" EINVAL $Y "$P replace=1"
refused "a state is missing, native" EINVAL $A "$P replace=1"
expect_said "refused"
disable_patch $X
said >/dev/null

note "replace takes away the functions of both kinds"
adopted $X "funcs=$ONE version=1"
enable_patch $A "funcs=$TWO"
target_reads "both" x a
adopted $Y "replace=1 funcs=$TWO"
replaced $X $A
target_reads "y alone" one y
expect_version "y alone" "$BOOT_VERSION"
enable_patch $A "replace=1 funcs=$ONE"
replaced $Y
target_reads "a alone" a two
adopted $X "replace=1 version=1"
replaced $A
target_reads "x alone" one two
expect_version "x alone" x
disable_patch $X

note "a replace that a task blocks is reversed"
load_patch klpx_test_device
enable_patch $A "funcs=$ONE killable=1"
start_sleeper killable
load_patch $X "replace=1 funcs=$TWO"
only_pending $X 1
expect_eq "patch_state of the blocked task" 0 "$(patch_state "$SLEEPER")"
start_disable $X
await_gone $X
unload $X
target_reads "reversed" a two
echo 1 >/dev/klpx_killable
wait "$SLEEPER"
disable_patch $A
unload klpx_test_device

note "a shadow variable of one kind is found by the other"
said >/dev/null
enable_patch $A "ids=9 shadow=1 state_callbacks=1"
adopted $X "$P ids=8 shadow_of=9"
expect_said "found" a:state_pre_patch:9 a:state_post_patch:9 \
  x:pre_patch:vmlinux x:shadow:found x:post_patch:vmlinux
disable_patch $X
disable_patch $A
said >/dev/null
adopted $X "$P ids=8 shadow_of=9"
expect_said "freed" x:pre_patch:vmlinux x:shadow:none x:post_patch:vmlinux
disable_patch $X
unload $TARGET
adopt_end
