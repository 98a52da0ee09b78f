#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Which tasks would block a transition: tasks asleep in functions of the patch
# are named, with what moves them, before anything is loaded; and the transition
# then goes as predicted.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/preflight.sh
. "$(dirname "$0")/lib/preflight.sh"

P=klpx_test_waits
INTERRUPTIBLE=wait_for_completion_interruptible
KILLABLE=wait_for_completion_killable

load_patch klpx_test_device

note "no task"
finds 0 "" $P.ko
expect_eq "outlook" at-once "$(json_get "['forecast']['outlook']")"

note "a task that a signal wakes"
start_sleeper interruptible
INTERRUPTIBLE_SLEEPER=$SLEEPER
finds 0 "always_on_stack blocks_until_signal" $P.ko
expect_eq "outlook" after-signal "$(json_get "['forecast']['outlook']")"
task_is "$SLEEPER" signal $INTERRUPTIBLE
expect_eq "function always on a stack" $INTERRUPTIBLE \
  "$(json_get "['findings'][0]['function']")"

note "a task that no signal wakes, beside it"
start_sleeper killable
finds 0 "always_on_stack always_on_stack blocks_for_good blocks_until_signal" $P.ko
expect_eq "outlook" never "$(json_get "['forecast']['outlook']")"
task_is "$SLEEPER" uninterruptible $KILLABLE
task_is "$INTERRUPTIBLE_SLEEPER" signal $INTERRUPTIBLE
cli 0 preflight $P.ko
says "it would wait for 2 tasks" "$KILLABLE" "preflight: passed, 3 warnings"

note "from another PID namespace: reported as not known"
AS=(unshare --pid --fork --mount-proc)
cli 0 preflight $P.ko
says "which tasks would block is not known" "PID namespace of its own"
AS=()

note "without BPF: reported as not known"
AS=(setpriv "--bounding-set=-bpf,-perfmon,-sys_admin")
cli 0 preflight $P.ko
says "which tasks would block is not known" "preflight: passed"
AS=()

note "the transition goes as predicted"
cli 0 enable --no-wait $P.ko
says "warning: 1 task in a function being replaced, where no signal moves"
cli 0 signal $P
only_pending $P 1
json 0 klp.blocking/v1 blocking
expect_eq "the task that is left" "$SLEEPER" "$(json_get "['blockers'][0]['tid']")"
echo 1 >/dev/klpx_killable
cli 0 wait
cli 0 unload $P
stop_workload "$INTERRUPTIBLE_SLEEPER"
unload klpx_test_device
cli 0 unload klpx
leaves_no_program
