#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Independent streams of patches: a replace set replaces only its own patches,
# and two sets have no function and no state in common.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

model_start
load_patch $TARGET

note "two sets side by side"
enable_patch $A "replace=1 replace_set=1 funcs=$ONE ids=7"
enable_patch $B "replace=1 replace_set=2 version=1 ids=8"
expect_eq "replace_set of a" 1 "$(attr $A replace_set)"
expect_eq "replace_set of b" 2 "$(attr $B replace_set)"
target_reads "both" a two
expect_version "both" b

note "what belongs to the other set is refused"
refused "a function of set 1" EINVAL $C "replace_set=2 funcs=$ONE"
refused "the same, sympos 1" EINVAL $C "replace_set=2 funcs=$ONE sympos=1"
refused "a function of set 1, under another name" EINVAL $C \
  "replace_set=2 funcs=model_target_alias"
refused "a function of set 2" EINVAL $C "replace=1 replace_set=1 version=1"
refused "a function of set 2, by set 0" EINVAL $C version=1
refused "a state of set 2" EINVAL $C "replace=1 replace_set=1 ids=8,7"
refused "a state of set 1" EINVAL $C "replace_set=3 ids=7"
refused "a state of set 1, by set 0" EINVAL $C "ids=7"

note "a set replaces its own patches"
enable_patch $C "replace=1 replace_set=1 funcs=$TWO ids=7"
replaced $A
target_reads "c for a" one c
expect_version "c for a" b
expect_eq "patches" "$B $C" "$(cd $SYS && echo *)"
enable_patch $A "replace=1 replace_set=2 ids=8"
replaced $B
target_reads "a for b" one c
expect_version "a for b" "$BOOT_VERSION"

note "what a set has given up can be used again"
enable_patch $B "replace_set=3 version=1 funcs=$ONE"
target_reads "b in set 3" b c
expect_version "b in set 3" b
for name in $A $B $C; do disable_patch "$name"; done
target_reads "none" one two

note "set 0 is one of them: it replaces set 0 only"
enable_patch $A "replace_set=1 funcs=$ONE"
enable_patch $B "version=1"
enable_patch $C "replace=1 funcs=$TWO"
replaced $B
target_reads "c for b" a c
expect_version "c for b" "$BOOT_VERSION"
disable_patch $A
disable_patch $C
unload $TARGET
model_end
