#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A task is forced out of a patch that is being replaced: that patch stays in
# memory; the new one and those of other sets can be unloaded.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

model_start
load_patch $TARGET
enable_patch $A "replace=1 funcs=$ONE,$WAIT"
enable_patch $B "replace_set=2 version=1"
start_target_sleeper # in the new model_target_wait()

load_patch $C "replace=1 funcs=$TWO"
only_pending $C 1
write_attr $C force 1
await $C
await_gone $A
target_reads "replaced" one c
expect_eq "forced, of the new one" 0 "$(attr $C forced)"
expect_eq "the other set" "1 0" "$(attr $B enabled) $(attr $B forced)"
expect_version "the other set" b
expect_more "refcount of what the task was forced out of" 0 "$(refcount $A)"
expect_eq "unloading it" EAGAIN "$(errno_of unload $A)"

note "the new one is unloaded; the task returns through the old one, which stays"
disable_patch $C
disable_patch $B
target_reads "without a patch" one two
end_sleeper
unload $TARGET
echo "$A $HELPER klpx" >/run/klpx-test-forced
expect_untraced "at the end"
expect_eq "entries" 0 "$(stat_of entries)"
