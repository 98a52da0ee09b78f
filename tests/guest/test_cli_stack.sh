#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What klp-controller reports about several patches: the stack, which patch has
# the newest version of a function, which one is replaced and waits, and which
# module can be unloaded.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

V1=klpx_test_version1
V2=klpx_test_version2

model_start
enable_patch $A "version=1 killable=1 ids=40 versions=2"

note "a stack"
for name in $V1 $V2; do cli 0 enable "$name.ko"; done
cli 0 list --functions
expect_eq "owner" "vmlinux version_proc_show 1 $V2 enabled $V1,$A" \
  "$(row "vmlinux +version_proc_show")"
json 0 klp.list/v1 list
expect_eq "owner" $V2 "$(json_get "['functions'][0]['owner']")"
cli 0 disable $V2
says "unpatching complete, " " tasks in "

note "replaced and waiting; then it can be unloaded"
load_patch klpx_test_device
start_sleeper killable
load_patch $C "replace=1 version=1 ids=40 versions=2"
only_pending $C 1
cli 0 status
says "in transition: $C, enabling, replaces $A, $V1" "can be unloaded: $V2" \
  "replaced by $C when that transition ends"
cli 2 force $C
says "modules $A, $V1 cannot be removed"
echo 1 >/dev/klpx_killable
await $C
await_gone $A
cli 0 status
says "can be unloaded: $A, $V1, $V2"
says_not "replaced by"
cli 0 list
says REPLACE
for name in $A $V1 $V2 $C; do cli 0 unload "$name"; done
unload klpx_test_device
unload $HELPER
cli 0 unload klpx
