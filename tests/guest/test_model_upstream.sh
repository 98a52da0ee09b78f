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

note "a source for the kernel's livepatch, its target before and after"
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

note "beside one for klpx"
enable_patch $A "funcs=$TWO"
enable_patch $U # replaces
replaced $A
target_reads "replaced" upstream1 two
refused "its state" EINVAL $A replace=1
disable_patch $U
unload $TARGET
model_end
