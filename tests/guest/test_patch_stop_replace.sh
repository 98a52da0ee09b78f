#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A patch that stops the machine and replaces: the old ones are replaced at the
# same instant; refused while a task is in a function of a patch that it
# replaces.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

STOP="stop_machine=1 replace=1"

model_start
load_patch $TARGET

note "no task blocks: enabled and disabled at one instant"
enable_patch $A "replace=1 version=1 funcs=$ONE,$WAIT"
load_patch $C "$STOP funcs=$TWO"
expect_eq "transition" 0 "$(attr $C transition)"
target_reads "at once" one c
expect_version "at once" "$BOOT_VERSION"
replaced $A
expect_eq "no nop is left" "$TWO,1" "$(functions_of $C $TARGET)"

note "replaced by a patch that does not stop the machine"
enable_patch $A "replace=1 funcs=$WAIT"
replaced $C
target_reads "back" one two

note "a task in a function of the patch to be replaced: refused"
start_target_sleeper
refused "replacing" EBUSY $C "$STOP funcs=$TWO"
expect_logged "'$C': task cat:$SLEEPER is in function '$WAIT'"
target_reads "refused" one two
expect_eq "the old one" 1 "$(attr $A enabled)"
end_sleeper
load_patch $C "$STOP funcs=$TWO"
target_reads "at last" one c
replaced $A
write_attr $C enabled 0
await_gone $C
target_reads "out" one two
unload $C
unload $TARGET
model_end
