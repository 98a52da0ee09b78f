#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A target module that is loaded and unloaded during the transition of its
# patch, and one in which a task sleeps.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

model_start

note "it is loaded and unloaded while its patch is in transition"
load_patch klpx_test_device
start_sleeper killable
load_patch $A "killable=1 funcs=$ONE,$TWO"
only_pending $A 1
for _ in 1 2 3; do
  load_patch $TARGET
  target_reads "switched tasks" a a
  expect_eq "patched" 1 "$(patched $A $TARGET)"
  unload $TARGET
  expect_eq "patched" 0 "$(patched $A $TARGET)"
done
load_patch $TARGET
start_disable $A # reverses it, with the target loaded meanwhile
await_gone $A
unload $A
target_reads "reversed" one two
load_patch $A "killable=1 funcs=$ONE,$TWO"
only_pending $A 1
unload $TARGET
only_pending $A 1
end_sleeper
await $A
disable_patch $A

note "a task in the target keeps the transition open"
load_patch $TARGET
start_target_sleeper
load_patch $A funcs=$ONE,$WAIT
only_pending $A 1
start_disable $A # no task is in a new function, so nothing blocks
await_gone $A
unload $A
load_patch $A funcs=$ONE,$WAIT
only_pending $A 1
write_attr $A signal 1
await $A
target_reads "after the signal" a two
end_sleeper
unload $TARGET
disable_patch $A
unload klpx_test_device
model_end
