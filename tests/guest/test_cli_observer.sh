#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The view of a transition by klp-controller, by bpftool and by cat; attached
# late, to a patch loaded with insmod; and without klp-controller after it was
# killed.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

P=klpx_test_waits
FIRST="['blockers'][0]"

dump() { bpftool map dump pinned $KLPX_PINS/maps/task_state; }
dump_has() { [[ $(dump) == *"$1"* ]]; }
dump_signals() { [[ $(dump) =~ \"signals\":\ [1-9] ]]; }
says_empty() { [[ $(cat $KLPX_PINS/iters/klp_tasks) == *"no task"* ]]; }

note "attached late, to what insmod started"
load_klpx
load_patch klpx_test_device
start_sleeper killable
load_patch $P
only_pending $P 1
[[ ! -e $KLPX_PINS ]] || fail "$KLPX_PINS exists before it was asked for"
json 0 klp.blocking/v1 blocking
expect_eq "tid" "$SLEEPER" "$(json_get "${FIRST}['tid']")"
expect_eq "reason" uninterruptible "$(json_get "${FIRST}['reason']")"
expect_eq "state" D "$(json_get "${FIRST}['state']")"
expect_eq "function" wait_for_completion_killable \
  "$(json_get "${FIRST}['function']")"
expect_eq "comm" cat "$(json_get "${FIRST}['comm']")"
[[ $(json_get "${FIRST}['stack']") == *vfs_read* ]] || fail "no stack"

note "read with cat"
cli 0 blocking --verbose
for text in "$SLEEPER" uninterruptible wait_for_completion_killable vfs_read; do
  expect_says "blocking" "$text"
done
OUT=$(dump) ERR=''
for text in "\"tid\": $SLEEPER" KLPX_UNINTERRUPTIBLE \
  '"wait_for_completion_killable"' '"cat"' "\"$P\"" KLPX_PATCHED; do
  expect_says "bpftool map dump" "$text"
done
OUT=$(cat $KLPX_PINS/iters/klp_tasks)
for text in "$SLEEPER" uninterruptible vfs_read; do
  expect_says "iterator" "$text"
done

note "signals are counted; filters select tasks"
cli 0 signal $P
# At least this one: on a slow machine the engine sends its own after 15 s.
wait_for "signal in the map" dump_signals
json 0 klp.blocking/v1 blocking --tid 1
expect_eq "blockers with another tid" "[]" "$(json_get "['blockers']")"

note "watched to its end"
start_workload klp-controller blocking --watch -d 1
WATCH=$PID
sleep 2
echo 1 >/dev/klpx_killable
await $P
wait "$WATCH" || fail "blocking --watch: exit code $?"
wait_for "picture to be empty" says_empty
expect_eq "map" "[]" "$(bpftool -j map dump pinned $KLPX_PINS/maps/task_state)"

note "killed in the middle of a disable: the transition continues"
start_workload cat /dev/klpx_killable
wait_for "sleeper to sleep" sleeps_in "$PID" wait_killable
SLEEPER=$PID
start_workload klp-controller disable $P
wait_for "disable to start" grep -q 0 $SYS/$P/enabled
only_pending $P 1
stop_workload "$PID"
expect_eq "transition" 1 "$(attr $P transition)"
wait_for "map to name the sleeper" dump_has "\"tid\": $SLEEPER"
cli 3 disable $P --timeout 1
echo 1 >/dev/klpx_killable
cli 0 wait $P
for name in $P klpx_test_device; do
  wait_for "$name to be unused" unused "$name"
  unload "$name"
done
expect_eq "lost records" 0 "$("$KLPX/guest/lib/lost_records.py")"
cli 0 unload klpx
[[ ! -e $KLPX_PINS ]] || fail "$KLPX_PINS outlives klpx.ko"
