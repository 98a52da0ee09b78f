#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Forced tasks in the history: each with its stack, and what every later command
# says about the patch.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"

W=klpx_test_waits

load_klpx
load_patch klpx_test_device
note "forced into it, then reversed: every task was checked on the way back"
for _ in 1 2; do start_sleeper killable; done
cli 0 enable --no-wait $W.ko
only_pending $W 2
cli 0 force $W --task "$SLEEPER" --i-understand
says "1 task forced; it is still enabling, 1 task left"
cli 0 status
says "1 task forced into it" "in transition: $W, enabling, 1 task left"
cli 0 reverse $W
json 0 klp.history/v1 history --forced
wanted "['outcome']" reversed
wanted "['forces'][0]['direction']" patching
cli 0 unload $W
[[ $OUT$ERR != *forced* ]] || fail "unload says: $OUT $ERR"
for _ in 1 2; do echo 1 >/dev/klpx_killable; done
wait
cli 0 enable $W.ko
[[ $OUT$ERR != *forced* ]] || fail "enable says: $OUT $ERR"
start_workload cat /dev/klpx_killable
wait_for "sleeper to sleep" sleeps_in "$PID" wait_killable
note "forced out: the task and its stack"
cli 0 disable --no-wait $W
json 0 klp.history/v1 history --limit 1
wanted "['outcome']" running
cli 0 force $W --i-understand
json 0 klp.history/v1 history --forced
expect_eq "forced transitions" 2 "$(count)"
wanted "['outcome']" forced
wanted "['forced']" 1
wanted "['forces'][0]['tid']" "$PID"
wanted "['forces'][0]['done']" true
wanted "['forces'][0]['direction']" unpatching
[[ $(newest "['forces'][0]['stack']") == *wait_killable* ]] ||
  fail "stack: $(newest "['forces'][0]")"
ID=$(newest "['id']")
note "what is said about it from then on"
for verb in list status "info $W"; do
  # shellcheck disable=SC2086 # words
  cli 0 $verb
  says "forced" "1 task forced out of it" "klp-controller explain $ID"
done
json 0 klp.list/v1 list
expect_eq "forces" "$ID" "$(json_get "['patches'][0]['forces'][0]['transition']")"
cli 9 unload $W
expect_says "unload" "module stays until reboot"
echo "$W klpx" >/run/klpx-test-forced
cli 0 history
says "ID" "completed" "forced"
cli 0 history -v
echo 1 >/dev/klpx_killable
wait "$PID"
unload klpx_test_device
