#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Callbacks of objects: which run, in which order, when a patch is enabled,
# disabled, reversed or refused, and when its target is loaded and unloaded.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

P="callbacks=1 funcs=$ONE"
PRE_PATCH=(a:pre_patch:vmlinux a:pre_patch:target)
POST_PATCH=(a:post_patch:vmlinux a:post_patch:target)
PRE_UNPATCH=(a:pre_unpatch:vmlinux a:pre_unpatch:target)
POST_UNPATCH=(a:post_unpatch:vmlinux a:post_unpatch:target)

model_start

note "the target is loaded"
load_patch $TARGET
said >/dev/null
enable_patch $A "$P"
expect_said "enable" "${PRE_PATCH[@]}" "${POST_PATCH[@]}"
disable_patch $A
expect_said "disable" "${PRE_UNPATCH[@]}" "${POST_UNPATCH[@]}"

note "it is unloaded, loaded, and unloaded"
enable_patch $A "$P"
said >/dev/null
unload $TARGET
expect_said "going" target:exit: a:pre_unpatch:target a:post_unpatch:target
load_patch $TARGET
expect_said "coming" a:pre_patch:target a:post_patch:target target:init:
unload $TARGET
said >/dev/null
expect_eq "init fails" EIO \
  "$(errno_of load "$(module_file $TARGET)" init_error=-5)"
expect_said "coming, init fails" a:pre_patch:target a:post_patch:target \
  target:init: a:pre_unpatch:target a:post_unpatch:target
disable_patch $A
expect_said "disable without it" a:pre_unpatch:vmlinux a:post_unpatch:vmlinux

note "pre_patch fails: post_unpatch of those whose pre_patch succeeded"
load_patch $TARGET
said >/dev/null
refused "the first pre_patch" EBUSY $A "$P vmlinux_error=-16"
expect_said "the first fails" a:pre_patch:vmlinux
refused "the second pre_patch" ENODEV $A "$P target_error=-19"
expect_said "the second fails" "${PRE_PATCH[@]}" a:post_unpatch:vmlinux
target_reads "not patched" one two
expect_untraced "pre_patch failed"
unload $TARGET
said >/dev/null
enable_patch $A "$P target_error=-19"
said >/dev/null
refused "pre_patch for a coming target" ENODEV $TARGET
expect_said "coming, fails" a:pre_patch:target
disable_patch $A
said >/dev/null

note "reversed: no pre-callback again"
load_patch $TARGET
load_patch klpx_test_device
start_sleeper killable
said >/dev/null
load_patch $A "$P killable=1"
only_pending $A 1
expect_said "in transition" "${PRE_PATCH[@]}"
start_disable $A
await_gone $A
expect_said "enable reversed" "${POST_UNPATCH[@]}"
unload $A

note "the target is loaded and unloaded in a transition"
unload $TARGET
said >/dev/null
load_patch $A "$P killable=1"
only_pending $A 1
load_patch $TARGET
expect_said "coming" a:pre_patch:vmlinux a:pre_patch:target target:init:
unload $TARGET
expect_said "going" target:exit: a:post_unpatch:target
load_patch $TARGET
end_sleeper
await $A
expect_said "completed" a:pre_patch:target target:init: "${POST_PATCH[@]}"
disable_patch $A
unload klpx_test_device
unload $TARGET
model_end
