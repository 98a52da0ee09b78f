#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What klp-controller reports about one patch: info of a file and of the patch
# loaded from it, and the checks that need more than the kernel's own functions.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

U=klpx_model_upstream

model_start

note "a file, before it is loaded"
cli 0 info $U.ko
says "model:       tasks" "replace:     yes, all earlier patches of set 0"
expect_eq "state" "40 - 1 - -" "$(row 40)"
expect_eq "object" "$TARGET no pre_patch,post_unpatch" \
  "$(row "$TARGET +no")"
expect_eq "function" "$TARGET $ONE 0 upstream_one" "$(row "$TARGET +$ONE")"
json 0 klp.info/v1 info $U.ko
expect_eq "patch" null "$(json_get "['patch']")"
head -c 4000 $U.ko >cut.ko
cli_refuses 10 cut.ko info cut.ko

note "loaded: by name, with its file; its target is unloaded and loaded"
cli 0 enable $U.ko
says "note: module '$TARGET' is not loaded"
cli 0 list --functions
expect_eq "owner" "$TARGET $ONE 1 $U no module -" "$(row $TARGET)"
cli 0 info $U
expect_eq "state" "40 - 1 - -" "$(row 40)"
expect_eq "object" "$TARGET no pre_patch,post_unpatch" "$(row "$TARGET +no")"
load_patch $TARGET
cli 0 info $U.ko
says "state:       enabled"
expect_eq "object" "$TARGET yes yes pre_patch,post_unpatch" \
  "$(row "$TARGET +yes")"
expect_eq "function" "$TARGET $ONE 0 upstream_one $U" "$(row "$TARGET +$ONE")"
json 0 klp.info/v1 info $U
expect_eq "state" 40 "$(json_get "['patch']['states'][0]['id']")"
cli 0 unload $U

note "the checks include loaded modules"
cli_refuses 13 "of module '$TARGET'" enable klpx_bad_module_function.ko
unload $TARGET
cli 0 enable --dry-run klpx_bad_module_function.ko
says "note: module '$TARGET' is not loaded"

note "states and callbacks in sysfs; a state that does not fit"
enable_patch $A "callbacks=1 ids=40,41 versions=2 names=one,two state_callbacks=1"
expect_eq "name" two "$(attr $A states/41/name)"
expect_eq "version" 2 "$(attr $A states/40/version)"
expect_eq "callbacks" "pre_patch post_patch pre_unpatch post_unpatch" \
  "$(attr $A vmlinux/callbacks)"
disable_patch $A
enable_patch $A "ids=40 versions=2"
cli_refuses 6 "state 40 has version 1" enable $U.ko
disable_patch $A
unload $HELPER
cli 0 unload klpx
