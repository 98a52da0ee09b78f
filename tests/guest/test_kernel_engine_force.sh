#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# force on the kernel's own livepatch: refused without confirmation; the forced
# tasks with their stacks in the history; the warnings that stay.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/native.sh
. "$(dirname "$0")/lib/native.sh"

load_patch klpx_test_device
start_sleeper killable

note "into the patch: that pins nothing"
cli 3 enable --timeout 5 $W.ko
only_blocks 1
cli 2 force $W
says "cat" "wait_for_completion_killable" "nothing has been forced"
expect_eq "transition" 1 "$(attr $W transition)"
json 0 klp.action/v1 force $W --i-understand
expect_eq "result" forced "$(json_get "['result']")"
expect_eq "tasks" 1 "$(json_get "['tasks']")"
expect_eq "forced" "$SLEEPER" "$(json_get "['affected'][0]['tid']")"
expect_eq "enabled" 1 "$(attr $W enabled)"
expect_eq "transition" 0 "$(attr $W transition)"
json 0 klp.history/v1 history
wanted "['outcome']" forced
wanted "['forced']" 1
wanted "['forces'][0]['tid']" "$SLEEPER"
wanted "['forces'][0]['done']" true
[[ $(newest "['forces'][0]['stack']") == *killable_read* ]] ||
  fail "stack: $(newest "['forces'][0]")"
cli 0 list
says "forced"

echo 1 >/dev/klpx_killable
wait "$SLEEPER"

note "out of it: its module stays until reboot, and that is reported"
start_workload cat /dev/klpx_killable
SLEEPER=$PID
wait_for "the sleeper" sleeps_in "$SLEEPER" killable_read
cli 3 disable --timeout 5 $W
only_blocks 1
cli 0 force $W --i-understand
says "module $W cannot be removed before the next reboot"
is_gone $W || fail "$W is still there"
cli 9 unload $W
says "forced out of it may still run its code"
cli 0 status
says "stay loaded"
json 0 klp.list/v1 list
expect_eq "removable" false "$(json_get "['patches'][0]['removable']")"
echo $W >/run/klpx-test-forced
echo 1 >/dev/klpx_killable
wait "$SLEEPER"
unload klpx_test_device
tidy
