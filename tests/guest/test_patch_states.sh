#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# States with callbacks: they run when a state is introduced or removed.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

P="state_callbacks=1"
model_start

note "alone, and around the callbacks of objects"
enable_patch $A "$P ids=7 callbacks=1"
expect_said "enable" a:state_pre_patch:7 a:pre_patch:vmlinux \
  a:post_patch:vmlinux a:state_post_patch:7
disable_patch $A
expect_said "disable" a:state_pre_unpatch:7 a:pre_unpatch:vmlinux \
  a:post_unpatch:vmlinux a:state_post_unpatch:7

note "two patches share it: the first introduces it, the last removes it"
enable_patch $A "$P ids=7"
said >/dev/null
enable_patch $B "$P ids=7,8"
expect_said "the second" b:state_pre_patch:8 b:state_post_patch:8
disable_patch $A
expect_said "the first goes" ""
disable_patch $B
expect_said "the second goes" b:state_pre_unpatch:7 b:state_pre_unpatch:8 \
  b:state_post_unpatch:7 b:state_post_unpatch:8

note "pre_patch fails: what succeeded is undone"
refused "the second state" EBUSY $A "$P ids=7,8,9 state_errors=0,-16"
expect_said "failed" a:state_pre_patch:7 a:state_pre_patch:8 \
  a:state_post_unpatch:7
refused "the object" ENODEV $A "$P ids=7 callbacks=1 vmlinux_error=-19"
expect_said "object failed" a:state_pre_patch:7 a:pre_patch:vmlinux \
  a:state_post_unpatch:7

note "replaced: one state is removed, one stays, one is new; then reversed"
enable_patch $A "$P ids=7,8"
said >/dev/null
enable_patch $B "$P replace=1 ids=8,9"
replaced $A
expect_said "replace" b:state_pre_patch:9 a:state_pre_unpatch:7 \
  a:state_post_unpatch:7 b:state_post_patch:9
enable_patch $A "$P replace=1 ids=7,8"
replaced $B
expect_said "downgrade" a:state_pre_patch:7 b:state_pre_unpatch:9 \
  b:state_post_unpatch:9 a:state_post_patch:7
enable_patch $B replace=1
replaced $A
expect_said "none left" a:state_pre_unpatch:7 a:state_pre_unpatch:8 \
  a:state_post_unpatch:7 a:state_post_unpatch:8
disable_patch $B
expect_said "nothing more" ""

note "a replace that is reversed, and a disable"
load_patch klpx_test_device
enable_patch $A "$P ids=7 killable=1"
start_sleeper killable
said >/dev/null
load_patch $B "$P replace=1 ids=9"
only_pending $B 1
expect_said "in transition" b:state_pre_patch:9 a:state_pre_unpatch:7
start_disable $B
await_gone $B
unload $B
expect_said "replace reversed" a:state_post_patch:7 b:state_post_unpatch:9
start_disable $A
only_pending $A 1
expect_said "in transition" a:state_pre_unpatch:7
write_attr $A enabled 1
await $A
expect_said "disable reversed" a:state_post_patch:7
end_sleeper
disable_patch $A
unload klpx_test_device
model_end
