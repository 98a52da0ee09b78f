#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Callbacks of adopted patches: in the order of the kernel's document, with the
# author's own object; with a target that comes, goes, and is refused.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/adopt.sh
. "$(dirname "$0")/lib/adopt.sh"

P="callbacks=1 funcs=$ONE"
adopt_start

note "the target is loaded before the patch"
load_patch $TARGET
said >/dev/null
adopted $X "$P"
expect_said "enable" x:pre_patch:vmlinux x:pre_patch:target \
  x:post_patch:vmlinux x:post_patch:target
target_reads "enabled" x two
disable_patch $X
expect_said "disable" x:pre_unpatch:vmlinux x:pre_unpatch:target \
  x:post_unpatch:vmlinux x:post_unpatch:target
target_reads "disabled" one two

note "the target is unloaded and loaded"
adopted $X "$P"
said >/dev/null
unload $TARGET
expect_said "target gone" target:exit: x:pre_unpatch:target x:post_unpatch:target
expect_eq "patched" 0 "$(<$THEIRS/$X/$TARGET/patched)"
load_patch $TARGET
expect_said "target again" x:pre_patch:target x:post_patch:target target:init:
expect_eq "patched" 1 "$(<$THEIRS/$X/$TARGET/patched)"
target_reads "target again" x two
unload $TARGET
disable_patch $X

note "the target is loaded after the patch"
said >/dev/null
adopted $X "$P"
expect_said "without target" x:pre_patch:vmlinux x:post_patch:vmlinux
load_patch $TARGET
expect_said "target" x:pre_patch:target x:post_patch:target target:init:
target_reads "target" x two

note "pre_patch refuses the target"
unload $TARGET
echo -19 >/sys/module/$X/parameters/target_error
said >/dev/null
refused "pre_patch of the target" ENODEV $TARGET
expect_said "target refused" x:pre_patch:target
echo 0 >/sys/module/$X/parameters/target_error
load_patch $TARGET
target_reads "at last" x two
disable_patch $X

note "pre_patch refuses the patch"
said >/dev/null
refused "pre_patch of vmlinux" ENODEV $X "$P vmlinux_error=-19"
expect_said "vmlinux refuses" x:pre_patch:vmlinux
refused "pre_patch of the target" ENODEV $X "$P target_error=-19"
expect_said "target refuses" x:pre_patch:vmlinux x:pre_patch:target \
  x:post_unpatch:vmlinux
nothing_of $X
target_reads "refused" one two
unload $TARGET

note "a target whose own init fails"
adopted $X "$P"
said >/dev/null
expect_eq "loading $TARGET" EIO \
  "$(errno_of load "$(module_file $TARGET)" init_error=-5)"
expect_said "target fails" x:pre_patch:target x:post_patch:target target:init: \
  x:pre_unpatch:target x:post_unpatch:target
disable_patch $X
adopt_end
