#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Patches of a module that is loaded before the patch or after it, unloaded and
# loaded again, with one patch and with two.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

model_start

note "the target is loaded before the patch"
load_patch $TARGET
target_reads "original" one two
enable_patch $A funcs=$ONE
target_reads "patched" a two
expect_eq "patched" 1 "$(patched $A $TARGET)"
expect_eq "functions" "$ONE,1" "$(functions_of $A $TARGET)"
expect_eq "references to the target" 0 "$(refcount $TARGET)"

note "it is unloaded and loaded again"
unload $TARGET
expect_eq "patched without the target" 0 "$(patched $A $TARGET)"
expect_untraced "without the target"
for _ in 1 2 3; do
  load_patch $TARGET
  target_reads "loaded again" a two
  expect_eq "patched" 1 "$(patched $A $TARGET)"
  unload $TARGET
done
disable_patch $A

note "it is loaded after the patch, and stays when the patch is unloaded"
enable_patch $A funcs=$ONE,$TWO
load_patch $TARGET
target_reads "patched" a a
disable_patch $A
target_reads "unpatched" one two
unload $TARGET

note "its own init fails"
enable_patch $A funcs=$ONE
refused "init fails" EIO $TARGET init_error=-5
expect_untraced "after the target's init failed"
load_patch $TARGET
target_reads "loaded after all" a two
disable_patch $A
unload $TARGET

note "two patches of it"
enable_patch $A funcs=$ONE
enable_patch $B funcs=$ONE,$TWO
load_patch $TARGET
target_reads "both" b b
disable_patch $B
target_reads "without the newer" a two
unload $TARGET
disable_patch $A
model_end
