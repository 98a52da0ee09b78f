#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A patch written for the kernel's livepatch, and shadow variables.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

model_start

note "the shadow variable API"
load_patch klpx_model_shadow
unload klpx_model_shadow

note "a source for the kernel's livepatch, its target loaded before and after"
U=klpx_model_upstream
load_patch $TARGET
said >/dev/null
enable_patch $U
expect_said "enable" upstream:pre_patch:$TARGET
target_reads "patched" upstream1 two
target_reads "patched" upstream2 two
unload $TARGET
expect_said "target gone" target:exit: upstream:post_unpatch:$TARGET
load_patch $TARGET
target_reads "target again" upstream1 two
said >/dev/null
disable_patch $U
expect_said "disable" upstream:post_unpatch:$TARGET
target_reads "unpatched" one two

note "beside a patch for klpx"
enable_patch $A "funcs=$TWO"
enable_patch $U # replaces
replaced $A
target_reads "replaced" upstream1 two
refused "its state" EINVAL $A replace=1
disable_patch $U

note "a source as in 7.x: a section, the heap"
said >/dev/null
enable_patch klpx_model_upstream_ext
expect_said "ext" ext:pre_patch:$TARGET
target_reads "ext" ext two
disable_patch klpx_model_upstream_ext

note "a source for the proposed state API"
S=klpx_model_upstream_states
enable_patch $S
expect_said "states" states:pre_patch:change states:post_patch:change
target_reads "states" states1 two
target_reads "states" states2 two
disable_patch $S
expect_said "states out" states:pre_unpatch:change states:dtor:count \
  states:post_unpatch:change
enable_patch $S blocked=1
target_reads "blocked" states1 two
refused_write "its state cannot be taken back" EINVAL $S enabled 0
expect_logged "The livepatch '$S' does not support disable"
enable_patch $A "replace=1 replace_set=4 ids=42"
replaced $S
disable_patch $A

if [[ -d /sys/kernel/livepatch ]]; then
  note "without the mark"
  sed 's/livepatch=Y/livepatcx=Y/' "$(module_file $U)" >/tmp/unmarked.ko
  expect_eq "unmarked" EINVAL "$(errno_of load /tmp/unmarked.ko)"
  expect_logged "module $U is not marked as a livepatch module"
fi
unload $TARGET
model_end
